// Package containerdcontent wraps an interface that cannot be wrapped as it is.
package containerdcontent

import "github.com/containerd/containerd/v2/core/content"

// Content hands out a writer.
//
//go:generate go tool dualgen
//dualgen:read ReaderAt,Info,Status
//dualgen:write Writer
//dualgen:delete Abort
//dualgen:entity Status key=Ref get=Status put=none delete=Abort
//dualgen:entity Info key=Digest get=Info put=none delete=Delete methods=Writer
type Content interface{ content.Store }

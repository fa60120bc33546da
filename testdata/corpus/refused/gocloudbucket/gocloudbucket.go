// Package gocloudbucket wraps an interface that cannot be wrapped as it is.
package gocloudbucket

import "gocloud.dev/blob/driver"

// Bucket hands out a writer.
//
//go:generate go tool dualgen
//dualgen:read Attributes,ErrorCode,As,ErrorAs,SignedURL
//dualgen:read NewRangeReader
//dualgen:key Copy dstKey
//dualgen:mirror Copy replay
//dualgen:write Copy,NewTypedWriter
//dualgen:entity Blob key=key get=none put=none delete=none methods=Copy,Delete,NewTypedWriter
type Bucket interface{ driver.Bucket }

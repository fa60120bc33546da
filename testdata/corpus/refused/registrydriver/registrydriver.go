// Package registrydriver wraps an interface that cannot be wrapped as it is.
package registrydriver

import "github.com/distribution/distribution/v3/registry/storage/driver"

// Driver hands out a writer.
//
//go:generate go tool dualgen
//dualgen:read Name,Reader,RedirectURL
//dualgen:key Move none
//dualgen:mirror Move replay
//dualgen:write Writer
//dualgen:entity File key=path get=none put=none delete=none methods=PutContent,Writer,Move,Delete
type Driver interface{ driver.StorageDriver }

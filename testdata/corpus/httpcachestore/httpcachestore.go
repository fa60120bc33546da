// Package httpcachestore wraps the cache interface of httpcache.
package httpcachestore

import "github.com/gregjones/httpcache"

// Cache keeps responses.
//
//go:generate go tool dualgen
//dualgen:entity Response key=key get=none put=none delete=none
type Cache interface{ httpcache.Cache }

// Package kubestore wraps the object caches of Kubernetes' client-go.
package kubestore

import (
	"k8s.io/client-go/tools/cache"
)

// Store finds the key of an object itself: to us the cache is one whole.
//
//go:generate go tool dualgen
//dualgen:entity Cache key=none get=none put=none delete=none
//dualgen:read LastStoreSyncResourceVersion
//dualgen:write Bookmark,Resync
//dualgen:mirror Add,Update,Delete,Replace,Bookmark,Resync replay
type Store interface{ cache.Store }

// ThreadSafe keeps objects by key, and lists them by indexes.
//
//go:generate go tool dualgen
//dualgen:entity Object key=key get=none put=none delete=none methods=Add,Update,Delete,DeleteWithObject,Replace,AddIndexers,Bookmark,Resync
//dualgen:read LastStoreSyncResourceVersion,Index,IndexKeys,ByIndex
//dualgen:write Bookmark,Resync
//dualgen:key Replace,AddIndexers,Bookmark,Resync none
//dualgen:mirror Add,Update,DeleteWithObject,Replace,AddIndexers,Bookmark,Resync replay
type ThreadSafe interface{ cache.ThreadSafeStore }

// Indexer is a Store that lists objects by indexes.
//
//go:generate go tool dualgen
//dualgen:entity Cache key=none get=none put=none delete=none methods=Add,Update,Delete,Replace,AddIndexers,Bookmark,Resync
//dualgen:read LastStoreSyncResourceVersion,Index,IndexKeys,ByIndex
//dualgen:write Bookmark,Resync
//dualgen:mirror Add,Update,Delete,Replace,AddIndexers,Bookmark,Resync replay
type Indexer interface{ cache.Indexer }

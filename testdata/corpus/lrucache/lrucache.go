// Package lrucache wraps the cache interface of golang-lru.
package lrucache

import "github.com/hashicorp/golang-lru/v2/simplelru"

// Cache keeps what was used last. Get counts as a use, Peek does not; Contains and the lists only look.
//
//go:generate go tool dualgen
//dualgen:entity Item key=key get=none put=none delete=none methods=Get,Peek,Contains,Add,Remove,RemoveOldest,Purge,Resize
//dualgen:write Get,Resize,RemoveOldest
//dualgen:key RemoveOldest,Purge,Resize none
//dualgen:mirror Get,Add,Remove,RemoveOldest,Purge,Resize replay
type Cache interface {
	simplelru.LRUCache[string, int]
}

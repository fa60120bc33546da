// Package datastore wraps the key-value stores of IPFS.
package datastore

import (
	"context"
	"errors"

	"github.com/ipfs/go-datastore"
)

// Block is what is stored under a key.
type Block struct {
	Key   string
	Value []byte
}

// Datastore keeps blocks. Its keys are structs: their text is the key.
//
//go:generate go tool dualgen
//dualgen:entity Block key=Key get=get put=put delete=remove methods=Put,Get,Has,GetSize,Delete,Sync
//dualgen:key Put,Get,Has,GetSize,Delete key.String
//dualgen:key Sync none
//dualgen:mirror Sync replay
type Datastore interface{ datastore.Datastore }

func get(ctx context.Context, store Datastore, key string) (Block, bool, error) {
	value, err := store.Get(ctx, datastore.NewKey(key))
	if errors.Is(err, datastore.ErrNotFound) {
		return Block{}, false, nil
	}
	return Block{key, value}, err == nil, err
}

func put(ctx context.Context, store Datastore, block Block) error {
	return store.Put(ctx, datastore.NewKey(block.Key), block.Value)
}

func remove(ctx context.Context, store Datastore, key string) error {
	return store.Delete(ctx, datastore.NewKey(key))
}

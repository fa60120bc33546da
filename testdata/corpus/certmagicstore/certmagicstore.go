// Package certmagicstore wraps the certificate storage of certmagic.
package certmagicstore

import (
	"context"
	"errors"
	"io/fs"

	"github.com/caddyserver/certmagic"
)

// Blob is what is stored under a key.
type Blob struct {
	Key   string
	Value []byte
}

// Storage keeps certificates and keys. Its locks are not data.
//
//go:generate go tool dualgen
//dualgen:entity Blob key=Key get=load put=store delete=Delete methods=Load,Store,Exists,Stat,List
//dualgen:primary Lock,Unlock
type Storage interface{ certmagic.Storage }

func load(ctx context.Context, storage Storage, key string) (Blob, bool, error) {
	value, err := storage.Load(ctx, key)
	if errors.Is(err, fs.ErrNotExist) {
		return Blob{}, false, nil
	}
	return Blob{Key: key, Value: value}, err == nil, err
}

func store(ctx context.Context, storage Storage, blob Blob) error {
	return storage.Store(ctx, blob.Key, blob.Value)
}

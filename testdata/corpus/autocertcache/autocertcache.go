// Package autocertcache wraps the certificate cache of golang.org/x/crypto/acme/autocert.
package autocertcache

import (
	"context"
	"errors"

	"golang.org/x/crypto/acme/autocert"
)

// Blob is what is cached under a key.
type Blob struct {
	Key  string
	Data []byte
}

// Cache keeps certificates.
//
//go:generate go tool dualgen
//dualgen:entity Blob key=Key get=get put=put delete=Delete methods=Get,Put
type Cache interface{ autocert.Cache }

func get(ctx context.Context, cache Cache, key string) (Blob, bool, error) {
	data, err := cache.Get(ctx, key)
	if errors.Is(err, autocert.ErrCacheMiss) {
		return Blob{}, false, nil
	}
	return Blob{key, data}, err == nil, err
}

func put(ctx context.Context, cache Cache, blob Blob) error {
	return cache.Put(ctx, blob.Key, blob.Data)
}

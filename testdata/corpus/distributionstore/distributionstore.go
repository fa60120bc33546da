// Package distributionstore wraps what the container registry distribution keeps its content with.
package distributionstore

import (
	"context"
	"errors"

	"github.com/distribution/distribution/v3"
	"github.com/opencontainers/go-digest"
)

// Tags keeps which manifest a tag names.
//
//go:generate go tool dualgen
//dualgen:entity Tag key=tag get=none put=none delete=none methods=Tag,Untag,Get
//dualgen:write Tag
//dualgen:delete Untag
//dualgen:mirror Tag replay
type Tags interface{ distribution.TagService }

// Descriptors keeps what is known of blobs.
//
//go:generate go tool dualgen
//dualgen:entity BlobDescriptor key=dgst get=none put=none delete=none methods=Stat,SetDescriptor,Clear
type Descriptors interface {
	distribution.BlobDescriptorService
}

// Document is a manifest under its digest.
type Document struct {
	Digest   digest.Digest
	Manifest distribution.Manifest
}

// Manifests keeps manifests under the digest of their content.
//
//go:generate go tool dualgen
//dualgen:entity Document key=Digest get=document put=putDocument delete=Delete methods=Exists,Get,Put
//dualgen:key Exists,Get,Delete dgst
//dualgen:key Put result
//dualgen:compare fields=Manifest
type Manifests interface{ distribution.ManifestService }

func document(ctx context.Context, store Manifests, key digest.Digest) (Document, bool, error) {
	manifest, err := store.Get(ctx, key)
	if unknown := (distribution.ErrManifestUnknownRevision{}); errors.As(err, &unknown) {
		return Document{}, false, nil
	}
	return Document{key, manifest}, err == nil, err
}

func putDocument(ctx context.Context, store Manifests, document Document) error {
	_, err := store.Put(ctx, document.Manifest)
	return err
}

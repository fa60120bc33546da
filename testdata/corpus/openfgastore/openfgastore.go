// Package openfgastore wraps the storage of the authorization server OpenFGA.
package openfgastore

import (
	"context"
	"errors"

	openfgav1 "github.com/openfga/api/proto/openfga/v1"
	"github.com/openfga/openfga/pkg/storage"
)

// Stores keeps stores. One is never changed.
//
//go:generate go tool dualgen
//dualgen:entity Store put=putStore
type Stores interface{ storage.StoresBackend }

func putStore(ctx context.Context, stores Stores, store *openfgav1.Store) error {
	_, err := stores.GetStore(ctx, store.GetId())
	if errors.Is(err, storage.ErrNotFound) {
		_, err = stores.CreateStore(ctx, store)
	}
	return err
}

// Assertions keeps the assertions of a model.
//
//go:generate go tool dualgen
//dualgen:entity ModelAssertions key=store,modelID get=none put=none delete=none methods=WriteAssertions,ReadAssertions
type Assertions interface{ storage.AssertionsBackend }

// Models keeps authorization models.
//
//go:generate go tool dualgen
//dualgen:entity Model key=store,id get=none put=none delete=none methods=WriteAuthorizationModel,ReadAuthorizationModel
//dualgen:key WriteAuthorizationModel store,model.Id
//dualgen:read MaxTypesPerAuthorizationModel
type Models interface {
	storage.AuthorizationModelBackend
}

// Datastore is all of OpenFGA's storage. Relationship tuples are read and written by patterns: they are one whole.
//
//go:generate go tool dualgen
//dualgen:entity Store put=putStoreOf
//dualgen:entity ModelAssertions key=store,modelID get=none put=none delete=none methods=WriteAssertions,ReadAssertions
//dualgen:entity Model key=store,id get=none put=none delete=none methods=WriteAuthorizationModel,ReadAuthorizationModel
//dualgen:key WriteAuthorizationModel store,model.Id
//dualgen:entity Tuples key=none get=none put=none delete=none methods=Write,Read,ReadPage,ReadUserTuple,ReadUsersetTuples,ReadStartingWithUser,ReadChanges
//dualgen:mirror Write replay
//dualgen:read MaxTuplesPerWrite,MaxTypesPerAuthorizationModel
type Datastore interface{ storage.OpenFGADatastore }

func putStoreOf(ctx context.Context, datastore Datastore, store *openfgav1.Store) error {
	return putStore(ctx, datastore, store)
}

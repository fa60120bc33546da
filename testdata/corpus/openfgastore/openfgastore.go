// Package openfgastore wraps the storage of the authorization server OpenFGA.
package openfgastore

import (
	"context"
	"errors"

	"google.golang.org/protobuf/proto"

	openfgav1 "github.com/openfga/api/proto/openfga/v1"
	"github.com/openfga/openfga/pkg/storage"
)

// StoreRecord is an encoded store. The message itself holds a lock and is not copied.
type StoreRecord struct {
	ID   string
	Data []byte
}

// Stores keeps stores. One is never changed.
//
//go:generate go tool dualgen
//dualgen:entity StoreRecord key=ID get=getStore put=putStore delete=DeleteStore methods=CreateStore,GetStore,ListStores
//dualgen:key CreateStore store.Id
type Stores interface{ storage.StoresBackend }

func getStore(ctx context.Context, stores Stores, id string) (StoreRecord, bool, error) {
	found, err := stores.GetStore(ctx, id)
	if errors.Is(err, storage.ErrNotFound) {
		return StoreRecord{}, false, nil
	}
	if err != nil {
		return StoreRecord{}, false, err
	}
	data, err := proto.MarshalOptions{Deterministic: true}.Marshal(found)
	return StoreRecord{ID: id, Data: data}, err == nil, err
}

func putStore(ctx context.Context, stores Stores, record StoreRecord) error {
	_, err := stores.GetStore(ctx, record.ID)
	if !errors.Is(err, storage.ErrNotFound) {
		return err
	}
	var store openfgav1.Store
	if err := proto.Unmarshal(record.Data, &store); err != nil {
		return err
	}
	_, err = stores.CreateStore(ctx, &store)
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
//dualgen:entity StoreRecord key=ID get=getStoreOf put=putStoreOf delete=DeleteStore methods=CreateStore,GetStore,ListStores
//dualgen:key CreateStore store.Id
//dualgen:entity ModelAssertions key=store,modelID get=none put=none delete=none methods=WriteAssertions,ReadAssertions
//dualgen:entity Model key=store,id get=none put=none delete=none methods=WriteAuthorizationModel,ReadAuthorizationModel
//dualgen:key WriteAuthorizationModel store,model.Id
//dualgen:entity Tuples key=none get=none put=none delete=none methods=Write,Read,ReadPage,ReadUserTuple,ReadUsersetTuples,ReadStartingWithUser,ReadChanges
//dualgen:mirror Write replay
//dualgen:read MaxTuplesPerWrite,MaxTypesPerAuthorizationModel
type Datastore interface{ storage.OpenFGADatastore }

func getStoreOf(ctx context.Context, datastore Datastore, id string) (StoreRecord, bool, error) {
	return getStore(ctx, datastore, id)
}

func putStoreOf(ctx context.Context, datastore Datastore, record StoreRecord) error {
	return putStore(ctx, datastore, record)
}

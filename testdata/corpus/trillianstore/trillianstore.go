// Package trillianstore wraps the administrative storage of the verifiable log trillian.
package trillianstore

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/google/trillian"
	"github.com/google/trillian/storage"
)

// TreeRecord is an encoded tree. The message itself holds a lock and is not copied.
type TreeRecord struct {
	ID   int64
	Data []byte
}

// Admin keeps trees. The store makes the identifiers.
//
//go:generate go tool dualgen
//dualgen:write SoftDeleteTree,UndeleteTree
//dualgen:delete HardDeleteTree
//dualgen:lifecycle Commit
//dualgen:entity TreeRecord key=ID get=tree put=putTree delete=HardDeleteTree methods=CreateTree,UpdateTree,SoftDeleteTree,UndeleteTree,GetTree,ListTrees
//dualgen:key CreateTree result.TreeId
//dualgen:key UpdateTree,SoftDeleteTree,UndeleteTree,HardDeleteTree,GetTree treeID
type Admin interface{ storage.AdminTX }

func tree(ctx context.Context, store Admin, id int64) (TreeRecord, bool, error) {
	found, err := store.GetTree(ctx, id)
	if status.Code(err) == codes.NotFound {
		return TreeRecord{}, false, nil
	}
	if err != nil {
		return TreeRecord{}, false, err
	}
	data, err := proto.MarshalOptions{Deterministic: true}.Marshal(found)
	return TreeRecord{ID: id, Data: data}, err == nil, err
}

// putTree changes a tree. It cannot create one under a given identifier: see why in corpus.txt.
func putTree(ctx context.Context, store Admin, record TreeRecord) error {
	var tree trillian.Tree
	if err := proto.Unmarshal(record.Data, &tree); err != nil {
		return err
	}
	_, err := store.UpdateTree(ctx, record.ID, func(stored *trillian.Tree) {
		proto.Reset(stored)
		proto.Merge(stored, &tree)
	})
	return err
}

// Package trillianstore wraps the administrative storage of the verifiable log trillian.
package trillianstore

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/google/trillian"
	"github.com/google/trillian/storage"
)

// Admin keeps trees.
//
//go:generate go tool dualgen
//dualgen:write SoftDeleteTree,UndeleteTree
//dualgen:delete HardDeleteTree
//dualgen:lifecycle Commit
//dualgen:entity Tree key=TreeId get=tree put=UpdateTree,CreateTree delete=HardDeleteTree
type Admin interface{ storage.AdminTX }

func tree(ctx context.Context, store Admin, id int64) (trillian.Tree, bool, error) {
	found, err := store.GetTree(ctx, id)
	if status.Code(err) == codes.NotFound {
		return trillian.Tree{}, false, nil
	}
	if err != nil {
		return trillian.Tree{}, false, err
	}
	return *found, true, nil
}

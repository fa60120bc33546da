//go:build !two && !three

package main

import (
	"context"
	"database/sql"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/test/drill/one"
)

// build is the build without emails.
type build struct{ repository one.Users }

func wrap(old, new *sql.DB, migration *dual.Migration) users {
	return build{one.NewDualUsers(&one.Table{DB: old, Name: "users"}, &one.Table{DB: new, Name: "users"}, migration)}
}

func (b build) put(ctx context.Context, id, name, _ string) error {
	return b.repository.Put(ctx, one.User{ID: id, Name: name})
}

func (b build) get(ctx context.Context, id string) error {
	_, err := b.repository.Get(ctx, id)
	return err
}

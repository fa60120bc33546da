//go:build two

package main

import (
	"context"
	"database/sql"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/test/drill/two"
)

// build is the build with emails.
type build struct{ repository two.Users }

func wrap(old, new *sql.DB, migration *dual.Migration) users {
	return build{two.NewDualUsers(&two.Table{DB: old, Name: "users"}, &two.Table{DB: new, Name: "users"}, migration)}
}

func (b build) put(ctx context.Context, id, name, email string) error {
	return b.repository.Put(ctx, two.User{ID: id, Name: name, Email: email})
}

func (b build) get(ctx context.Context, id string) error {
	_, err := b.repository.Get(ctx, id)
	return err
}

//go:build three

package main

import (
	"context"
	"database/sql"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/test/drill/three"
)

// build is the build whose kind has another name.
type build struct{ repository three.Members }

func wrap(old, new *sql.DB, migration *dual.Migration) users {
	return build{three.NewDualMembers(&three.Table{DB: old, Name: "users"}, &three.Table{DB: new, Name: "users"}, migration)}
}

func (b build) put(ctx context.Context, id, name, _ string) error {
	return b.repository.Put(ctx, three.Member{ID: id, Name: name})
}

func (b build) get(ctx context.Context, id string) error {
	_, err := b.repository.Get(ctx, id)
	return err
}

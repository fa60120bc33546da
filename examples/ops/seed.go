package main

import (
	"bytes"
	"context"
	"database/sql"
	"time"

	"github.com/dualgen/dualgen/examples/catalog/catalog/pgstore"
	"github.com/dualgen/dualgen/examples/internal/debindex"
	"github.com/dualgen/dualgen/examples/quickstart/data"
)

// records is the index that the examples carry.
func records() ([]debindex.Record, error) { return debindex.ReadGzip(bytes.NewReader(data.Packages)) }

// seed fills the old store with so many packages at most, as it was before anybody thought of a migration.
func seed(ctx context.Context, most int) error {
	at, err := placeOfEnvironment()
	if err != nil {
		return err
	}
	store, err := pgstore.Open(ctx, at.old)
	if err != nil {
		return err
	}
	defer store.Close()
	all, err := records()
	if err != nil {
		return err
	}
	for _, r := range all[:min(most, len(all))] {
		if err := store.Upsert(ctx, rowOf(r)); err != nil {
			return err
		}
	}
	return nil
}

// rowOf is the row of a record.
func rowOf(r debindex.Record) *pgstore.Package {
	row := &pgstore.Package{
		ID: keyOf(r.Name), Name: r.Name, Version: r.Version, Section: r.Section, Priority: r.Priority, Maintainer: r.Maintainer,
		Size: r.Size, Tags: r.Tags, Updated: time.Now().UTC().Truncate(time.Millisecond),
	}
	if r.Homepage != nil {
		row.Homepage = sql.NullString{String: *r.Homepage, Valid: true}
	}
	if r.InstalledSize != nil {
		row.InstalledSize = sql.NullInt64{Int64: *r.InstalledSize, Valid: true}
	}
	for _, dependency := range r.Depends {
		row.Depends = append(row.Depends, dependency.Target+" "+dependency.Relation)
	}
	return row
}

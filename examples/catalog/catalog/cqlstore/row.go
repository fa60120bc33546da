package cqlstore

import (
	"time"

	"github.com/gocql/gocql"
)

// Package is a row of either table.
type Package struct {
	ID           gocql.UUID `cql:"id"`
	Name         string     `cql:"name"`
	Version      string     `cql:"version"`
	Section      string     `cql:"section"`
	Priority     string     `cql:"priority"`
	Maintainer   string     `cql:"maintainer"`
	Homepage     *string    `cql:"homepage"`
	SizeBytes    int64      `cql:"size_bytes"`
	InstalledKiB *int64     `cql:"installed_kib"`
	Depends      []string   `cql:"depends"` // an empty list is the same as none
	Tags         []string   `cql:"tags"`    // a set, sorted; an empty one is the same as none
	Updated      time.Time  `cql:"updated"` // in whole milliseconds
}

// columns are the columns of both tables, in the order of targets and values.
const columns = `id, name, version, section, priority, maintainer, homepage, size_bytes, installed_kib, depends, tags, updated`

// marks has a question mark for each column.
const marks = `?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?`

// targets are where a row is scanned to.
func (p *Package) targets() []any {
	return []any{&p.ID, &p.Name, &p.Version, &p.Section, &p.Priority, &p.Maintainer, &p.Homepage, &p.SizeBytes, &p.InstalledKiB,
		&p.Depends, &p.Tags, &p.Updated}
}

// values are what a row is written from.
func (p *Package) values() []any {
	return []any{p.ID, p.Name, p.Version, p.Section, p.Priority, p.Maintainer, p.Homepage, p.SizeBytes, p.InstalledKiB,
		p.Depends, p.Tags, p.Updated}
}

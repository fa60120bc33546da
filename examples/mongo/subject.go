package main

import (
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/dualgen/dualgen/examples/internal/debindex"
	"github.com/dualgen/dualgen/examples/internal/walk"
	"github.com/dualgen/dualgen/examples/mongo/catalog"
)

type world = walk.World[uuid.UUID, *catalog.Package]

// subject is the example, as the walk sees it.
func subject() walk.Subject[uuid.UUID, *catalog.Package] {
	return walk.Subject[uuid.UUID, *catalog.Package]{
		From: "MongoDB", To: "Cassandra",
		NotFound: catalog.ErrNotFound,
		Open:     open,
		Backend:  backend,
		Remove:   remove,
		Writes:   [2][]string{{"Replace", "SetMaintainer", "Delete"}, {"Put", "SetMaintainer", "Delete"}},
		Key:      key,
		Name:     func(p *catalog.Package) string { return p.Name },
		Section:  func(p *catalog.Package) string { return p.Section },
		Build:    build,
		Equal:    equal,
	}
}

// packages is the namespace of the packages' ids.
var packages = uuid.MustParse("6f4f5a52-6d0c-4e0e-9a3c-2b5f6c1d9e77")

// key makes a package's id from its name.
func key(name string) uuid.UUID { return uuid.NewSHA1(packages, []byte(name)) }

// build makes a package from its record.
func build(record debindex.Record, state walk.State) (*catalog.Package, error) {
	p := &catalog.Package{
		ID: key(record.Name), Name: record.Name, Version: walk.Version(record, state), Section: record.Section,
		Priority: record.Priority, Maintainer: walk.Maintainer(record, state), Homepage: record.Homepage, Size: record.Size,
		InstalledSize: record.InstalledSize, Updated: walk.Updated(state),
	}
	if len(record.Tags) > 0 {
		p.Tags = make(map[string]struct{}, len(record.Tags))
	}
	for _, tag := range record.Tags {
		p.Tags[tag] = struct{}{}
	}
	for _, dependency := range record.Depends {
		p.Depends = append(p.Depends, catalog.Dependency(dependency))
	}
	return p, nil
}

// equal compares every field; nil and empty collections are the same.
func equal(a, b *catalog.Package) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.ID == b.ID && a.Name == b.Name && a.Version == b.Version && a.Section == b.Section && a.Priority == b.Priority &&
		a.Maintainer == b.Maintainer && walk.SameValue(a.Homepage, b.Homepage) && a.Size == b.Size &&
		walk.SameValue(a.InstalledSize, b.InstalledSize) && slices.Equal(a.Depends, b.Depends) && maps.Equal(a.Tags, b.Tags) &&
		a.Updated.Equal(b.Updated)
}

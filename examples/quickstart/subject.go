package main

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/dualgen/dualgen/examples/internal/debindex"
	"github.com/dualgen/dualgen/examples/internal/walk"
	"github.com/dualgen/dualgen/examples/quickstart/catalog"
)

type world = walk.World[string, catalog.Package]

// subject is the example, as the walk sees it.
func subject() walk.Subject[string, catalog.Package] {
	return walk.Subject[string, catalog.Package]{
		From: "SQLite", To: "bbolt",
		NotFound: catalog.ErrNotFound,
		Open:     open,
		Writes:   [2][]string{{"Upsert", "ChangeMaintainer", "Remove"}, {"Put", "Assign", "Drop"}},
		Key:      func(name string) string { return name },
		Name:     func(p catalog.Package) string { return p.Name },
		Section:  func(p catalog.Package) string { return p.Section },
		Build:    build,
		Equal:    equal,
	}
}

// priorities are those of the index. A package without one is optional.
var priorities = map[string]catalog.Priority{
	"required": catalog.PriorityRequired, "important": catalog.PriorityImportant, "standard": catalog.PriorityStandard,
	"optional": catalog.PriorityOptional, "extra": catalog.PriorityExtra, "": catalog.PriorityOptional,
}

// build makes a package from its record.
func build(record debindex.Record, state walk.State) (catalog.Package, error) {
	version, err := catalog.ParseVersion(walk.Version(record, state))
	if err != nil {
		return catalog.Package{}, err
	}
	size, err := narrow(record.Size)
	if err != nil {
		return catalog.Package{}, err
	}
	p := catalog.Package{
		Name: record.Name, Version: version, Section: record.Section, Priority: priorities[record.Priority],
		Maintainer: walk.Maintainer(record, state), Homepage: record.Homepage, Size: size, Updated: walk.Updated(state),
	}
	if record.InstalledSize != nil {
		installed, err := narrow(*record.InstalledSize)
		if err != nil {
			return catalog.Package{}, err
		}
		p.InstalledSize = &installed
	}
	for _, dependency := range record.Depends {
		p.Depends = append(p.Depends, catalog.Dependency(dependency))
	}
	if len(record.Tags) > 0 {
		p.Tags = make(map[string]struct{}, len(record.Tags))
	}
	for _, tag := range record.Tags {
		p.Tags[tag] = struct{}{}
	}
	return p, nil
}

func narrow(size int64) (uint32, error) {
	if size > math.MaxUint32 {
		return 0, fmt.Errorf("size %d is too large for the catalogue", size)
	}
	return uint32(size), nil
}

// equal compares every field; nil and empty collections are the same.
func equal(a, b catalog.Package) bool {
	return a.Name == b.Name && a.Version == b.Version && a.Section == b.Section && a.Priority == b.Priority &&
		a.Maintainer == b.Maintainer && walk.SameValue(a.Homepage, b.Homepage) && a.Size == b.Size &&
		walk.SameValue(a.InstalledSize, b.InstalledSize) && slices.Equal(a.Depends, b.Depends) && maps.Equal(a.Tags, b.Tags) &&
		a.Updated.Equal(b.Updated)
}

// Package catalog keeps a catalogue of software packages. Its repository, Packages, moves from documents of MongoDB to query tables of
// Cassandra while it is in use: first its writes branch, then its reads.
package catalog

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
)

// ErrNotFound is returned for a package that is not in the catalogue.
var ErrNotFound = errors.New("no such package")

// Packages is the catalogue's repository.
//
//dualgen:entity Package key=ID get=Get put=Save delete=Delete scan=Scan
//dualgen:call Get old=Find new=ByID
//dualgen:call Save old=Replace new=Put
//dualgen:call BySection new=Section
//dualgen:notfound ErrNotFound old=mongostore.ErrNoDocument new=cqlstore.ErrNoRow
//dualgen:field Package.Size new=SizeBytes
//dualgen:field Package.InstalledSize new=InstalledKiB
//dualgen:convert DependencyToText,TextToDependency
//dualgen:compare round=Updated:1ms
//dualgen:gen Dependency.Target=someTarget
//go:generate go tool dualgen -old ./mongostore.Store -new github.com/dualgen/dualgen/examples/catalog/catalog/cqlstore.Store
type Packages interface {
	// Get returns the package of that id, or ErrNotFound.
	Get(ctx context.Context, id uuid.UUID) (*Package, error)
	// Save adds a package, or replaces the one of its id.
	Save(ctx context.Context, p *Package) error
	// SetMaintainer hands a package over. It returns ErrNotFound for a package that is not there.
	//
	//dualgen:mirror copy
	SetMaintainer(ctx context.Context, id uuid.UUID, maintainer string) error
	// Delete takes a package out. It returns ErrNotFound for a package that is not there.
	Delete(ctx context.Context, id uuid.UUID) error
	// BySection lists a section by name: the packages after the given name, at most limit.
	//
	//dualgen:read
	BySection(ctx context.Context, section, after string, limit int) ([]*Package, error)
	// Count returns the number of packages.
	Count(ctx context.Context) (int, error)
}

// Package is one package of the catalogue.
type Package struct {
	ID            uuid.UUID
	Name          string
	Version       string
	Section       string
	Priority      string
	Maintainer    string
	Homepage      *string // nil: none
	Size          int64   // of the archive, bytes
	InstalledSize *int64  // KiB; nil: not known
	Depends       []Dependency
	Tags          map[string]struct{}
	Updated       time.Time
}

// Dependency is one package that another needs.
type Dependency struct {
	Target   string // a name without a blank
	Relation string // what follows it: "(>= 2.36)", or ""
}

// DependencyToText makes the text that Cassandra has for a document within a document.
func DependencyToText(d Dependency) string { return d.Target + " " + d.Relation }

// TextToDependency reads it.
func TextToDependency(text string) Dependency {
	target, relation, _ := strings.Cut(text, " ")
	return Dependency{target, relation}
}

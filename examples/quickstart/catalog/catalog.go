// Package catalog keeps a catalogue of software packages. Its repository, Packages, moves from SQLite to bbolt while it
// is in use: the line under it is all that dualgen needs to know.
package catalog

import (
	"context"
	"errors"
	"time"
)

// ErrNotFound is returned for a package that is not in the catalogue.
var ErrNotFound = errors.New("no such package")

// Packages is the catalogue's repository.
//
//dualgen:entity Package key=Name get=Get put=Save delete=Delete scan=Scan
//dualgen:call Get old=Find new=Load
//dualgen:call Save old=Upsert new=Put
//dualgen:call SetMaintainer old=ChangeMaintainer new=Assign
//dualgen:call Delete old=Remove new=Drop
//dualgen:call BySection old=ListSection new=InSection
//dualgen:call Scan old=List new=Walk
//dualgen:call Count old=Count new=Len
//dualgen:notfound ErrNotFound old=sqlitestore.ErrNoRow new=boltstore.ErrMissing
//dualgen:convert ParseVersion FormatVersion SplitVersion JoinVersion
//dualgen:field Package.Size new=ArchiveBytes
//dualgen:field Package.InstalledSize new=InstalledKiB
//dualgen:field Package.Depends new=Needs
//dualgen:field Package.Updated new=UpdatedAt unit=ms
//dualgen:field Package.Priority enum=name
//dualgen:field Dependency.Target new=On
//dualgen:field Dependency.Relation new=If
//go:generate go tool dualgen -old ./sqlitestore.Store -new ./boltstore.Store
type Packages interface {
	// Get returns the package of that name, or ErrNotFound.
	Get(ctx context.Context, name string) (Package, error)
	// Save adds a package, or replaces the one of its name.
	Save(ctx context.Context, p Package) error
	// SetMaintainer hands a package over. It returns ErrNotFound for a package that is not there.
	//
	//dualgen:mirror copy
	SetMaintainer(ctx context.Context, name, maintainer string) error
	// Delete takes a package out. It returns ErrNotFound for a package that is not there.
	Delete(ctx context.Context, name string) error
	// DeleteSection takes a section out, and returns how many packages that were.
	//
	//dualgen:key list NamesIn
	DeleteSection(ctx context.Context, section string) (int, error)
	// NamesIn lists the names of a section's packages, all of them.
	NamesIn(ctx context.Context, section string) ([]string, error)
	// BySection lists a section by name: the packages after the given name, at most limit.
	//
	//dualgen:read
	BySection(ctx context.Context, section, after string, limit int) ([]Package, error)
	// Scan lists the whole catalogue page by page. A cursor is the last name of the page before, so that both stores understand it. The
	// first one is "", and next is "" on the last page.
	//
	//dualgen:read
	//dualgen:cursor none
	Scan(ctx context.Context, cursor string, limit int) (page []Package, next string, err error)
	// Count returns the number of packages.
	Count(ctx context.Context) (int, error)
}

// Package is one package of the catalogue.
type Package struct {
	Name          string
	Version       Version
	Section       string
	Priority      Priority
	Maintainer    string
	Homepage      *string // nil: none
	Size          uint32  // of the archive, bytes
	InstalledSize *uint32 // KiB; nil: not known
	Depends       []Dependency
	Tags          map[string]struct{}
	Updated       time.Time // in whole milliseconds
}

// Dependency is a package that another needs.
type Dependency struct {
	Target   string
	Relation string // "(>= 2.36)", "| other", or ""
}

// Priority says how much a system needs a package.
type Priority uint8

// The priorities.
const (
	PriorityRequired Priority = iota + 1
	PriorityImportant
	PriorityStandard
	PriorityOptional
	PriorityExtra
)

// Package catalog keeps a catalogue of software packages. Its repository, Packages, moves from Postgres to DynamoDB while it is in use:
// reads move first and fall back to Postgres, what they find there is saved, and the rest is copied meanwhile.
package catalog

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
)

// ErrNotFound is returned for a package that is not in the catalogue.
var ErrNotFound = errors.New("no such package")

// Packages is the catalogue's repository.
//
//dualgen:entity Package key=ID get=Get put=Save delete=Delete scan=Scan
//dualgen:call Get new=Item
//dualgen:call Save old=Upsert new=Put
//dualgen:notfound ErrNotFound old=pgstore.ErrNoRow new=dynstore.ErrNoItem
//dualgen:field Package.Updated new=updated unit=ms
//dualgen:compare round=Updated:1ms
//dualgen:gen Package.Name=someName
//dualgen:gen Package.Section=someName
//dualgen:gen BySection.section=someName
//go:generate go tool dualgen -old github.com/dualgen/dualgen/examples/catalog/catalog/pgstore.Store -new ./dynstore.Store
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
	Depends       []string
	Tags          map[string]struct{}
	Updated       time.Time
}

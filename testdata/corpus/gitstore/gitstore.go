// Package gitstore wraps the storage of the Git implementation go-git.
package gitstore

import (
	"errors"

	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/storer"
)

// References keeps branches and tags.
//
//go:generate go tool dualgen
//dualgen:entity Reference key=Name get=reference put=SetReference delete=RemoveReference
//dualgen:read Reference
//dualgen:key CheckAndSetReference new
//dualgen:lifecycle PackRefs
type References interface{ storer.ReferenceStorer }

func reference(store References, name plumbing.ReferenceName) (plumbing.Reference, bool, error) {
	found, err := store.Reference(name)
	if errors.Is(err, plumbing.ErrReferenceNotFound) {
		return plumbing.Reference{}, false, nil
	}
	if err != nil {
		return plumbing.Reference{}, false, err
	}
	return *found, true, nil
}

// Index keeps what is staged.
//
//go:generate go tool dualgen
//dualgen:entity Index key=none get=Index put=SetIndex delete=none
//dualgen:read Index
type Index interface{ storer.IndexStorer }

// Shallow keeps the commits at which history was cut off.
//
//go:generate go tool dualgen
//dualgen:entity Commits key=none get=none put=none delete=none methods=SetShallow,Shallow
//dualgen:read Shallow
type Shallow interface{ storer.ShallowStorer }

// Config keeps the configuration.
//
//go:generate go tool dualgen
//dualgen:entity Config key=none get=Config put=SetConfig delete=none
//dualgen:read Config
type Config interface{ config.ConfigStorer }

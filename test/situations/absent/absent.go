// Package absent has an ErrUnknown of its own. The stores are in other packages, and each says in its own way that there is
// nothing: one by an error, the other by a function that tells one.
package absent

import (
	"context"
	"errors"
)

// ErrUnknown is what Lookup returns for a word that nobody has described.
var ErrUnknown = errors.New("unknown word")

type Word struct{ Text, Meaning string }

//go:generate go tool dualgen -old ./paper.Words -new ./cloud.Words
//dualgen:entity Word key=Text
//dualgen:notfound ErrUnknown old=paper.ErrBlank new=cloud.IsMissing
type Words interface {
	Lookup(ctx context.Context, text string) (Word, error)
	Save(ctx context.Context, word Word) error
	Delete(ctx context.Context, text string) error
	List(ctx context.Context) ([]Word, error)
}

// Package lists stores and removes scores by lists of them; nothing stores or removes a single one.
package lists

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such score")

type Score struct {
	Game, Player string
	Points       int
}

//go:generate go tool dualgen
//dualgen:entity Score key=Game,Player get=GetScore put=SaveScores delete=removeScore scan=ListScores
type Scores interface {
	GetScore(ctx context.Context, game, player string) (*Score, error)
	SaveScores(ctx context.Context, scores []*Score) error
	RemoveScores(ctx context.Context, scores ...Score) error
	ListScores(ctx context.Context) ([]*Score, error)
}

// Board is a store.
type Board struct{ scores rows.Table[string, Score] }

func (b *Board) GetScore(_ context.Context, game, player string) (*Score, error) {
	score, err := b.scores.Find(game + "\x00" + player)
	if err != nil {
		return nil, ErrNotFound
	}
	return &score, nil
}

func (b *Board) SaveScores(_ context.Context, scores []*Score) (err error) {
	for _, score := range scores {
		err = errors.Join(err, b.scores.Upsert(score.Game+"\x00"+score.Player, *score))
	}
	return err
}

func (b *Board) RemoveScores(_ context.Context, scores ...Score) (err error) {
	for _, score := range scores {
		err = errors.Join(err, b.scores.Remove(score.Game+"\x00"+score.Player))
	}
	return err
}

func (b *Board) ListScores(context.Context) ([]*Score, error) {
	return rows.Pointers(b.scores.All()), nil
}

func removeScore(ctx context.Context, store Scores, game, player string) error {
	return store.RemoveScores(ctx, Score{Game: game, Player: player})
}

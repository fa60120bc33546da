package proxy

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatTheCallFillsInComesBack(t *testing.T) {
	fills := true
	c := serve(t, Options{}, func(s *Server) {
		Handle(s, save, func(_ context.Context, in *saveArgs) (struct{}, error) {
			if fills {
				in.Note.ID = 7
				in.Note.Tags[0] = "seen"
			}
			return struct{}{}, nil
		})
	})
	for _, fills = range []bool{true, false} {
		n := &note{Tags: []string{"a", "b"}}
		answer, err := Call[saveArgs, struct{}](t.Context(), c, save, saveArgs{n})
		require.NoError(t, err)
		require.Equal(t, fills, answer.Changed != nil)
		if fills {
			Fill(n, answer.Changed.Note)
			require.Equal(t, &note{7, []string{"seen", "b"}}, n)
		}
	}
}

func TestFill(t *testing.T) {
	one, two := &note{ID: 1}, &note{ID: 2}
	held := []*note{one, nil}
	Fill(held, []*note{{ID: 3}, two})
	require.Equal(t, []*note{{ID: 3}, nil}, held)
	require.Equal(t, 3, one.ID, "who holds the pointer sees it too")
	values := []note{{ID: 1}}
	Fill(values, []note{{ID: 4}, {ID: 5}})
	require.Equal(t, []note{{ID: 4}}, values)
	entries := map[string]int{"a": 1, "b": 2}
	Fill(entries, map[string]int{"b": 3})
	require.Equal(t, map[string]int{"b": 3}, entries)
	inside := struct{ Note *note }{one}
	Fill(inside, struct{ Note *note }{two})
	require.Equal(t, 2, one.ID)
	Fill[*note](nil, two)
	Fill[map[string]int](nil, entries)
}

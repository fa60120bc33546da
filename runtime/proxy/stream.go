package proxy

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
)

// line is one element of a sequence on its way, or its end.
type line[T any] struct {
	Item  *T     `json:",omitempty"`
	Error *fault `json:",omitempty"` // beside an item: what the sequence yields with it
	End   bool   `json:",omitempty"`
}

// flushEvery is how many elements are sent at once.
const flushEvery = 64

// HandleSequence adds a method that returns a sequence, which is sent as it is made.
func HandleSequence[In, T any](s *Server, m Method, call func(ctx context.Context, in *In) iter.Seq2[T, error]) {
	s.calls[m.Name] = func(w http.ResponseWriter, r *http.Request) {
		var in In
		_, ctx, cancel, ok := s.receive(w, r, m, &in)
		if !ok {
			return
		}
		defer cancel()
		w.Header().Set("Content-Type", contentType)
		control, n := http.NewResponseController(w), 0
		send := func(l line[T]) bool {
			body, err := encode(l)
			if err != nil {
				body, _ = encode(line[T]{Error: faultOf(fmt.Errorf("%s: %w", m.Name, err), s.known), End: true})
				_, _ = w.Write(body)
				return false
			}
			_, err = w.Write(body)
			if n++; err == nil && n%flushEvery == 0 {
				err = control.Flush()
			}
			return err == nil
		}
		for item, err := range call(ctx, &in) {
			if !send(line[T]{Item: &item, Error: faultOf(err, s.known)}) {
				return
			}
		}
		send(line[T]{End: true})
	}
}

// errCut ends a sequence whose end did not arrive.
var errCut = errors.New("the sequence was cut off")

// Sequence is the sequence that a method returns. The call is made when it is ranged over, and each time that it is; one that is not
// heard to its end is broken off.
func Sequence[In, T any](ctx context.Context, c *Client, m Method, in In) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		var none T
		response, err := c.send(ctx, m, in)
		if err != nil {
			yield(none, err)
			return
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			text, _ := io.ReadAll(response.Body)
			yield(none, c.refused(m, response.StatusCode, text))
			return
		}
		for lines := bufio.NewReader(response.Body); ; {
			text, err := lines.ReadBytes('\n')
			var l line[T]
			if err == nil {
				err = decode(text, &l, false)
			}
			if err != nil {
				yield(none, c.lost(ctx, m, errors.Join(errCut, err)))
				return
			}
			switch {
			case l.Item != nil:
				if !yield(*l.Item, l.Error.err(c.known)) {
					return
				}
			case l.Error != nil:
				yield(none, l.Error.err(c.known))
				return
			default:
				return
			}
		}
	}
}

package natsqueue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/dualgen/dualgen/runtime/queue"
)

// answer is where the answer of an entry is that has changed nothing.
func (q *Queue) answer(seq string) string { return "dualgen_answers." + q.options.Name + "." + seq }

// answered reports that an entry was applied that is in no other stream any more, and how it was answered.
func (q *Queue) answered(ctx context.Context, seq uint64) (bool, error) {
	raw, err := q.answers.GetLastMsgForSubject(ctx, q.answer(strconv.FormatUint(seq, 10)))
	switch {
	case errors.Is(err, jetstream.ErrMsgNotFound):
		return true, nil
	case err != nil:
		return false, fmt.Errorf("look for the answer of entry %d: %w", seq, err)
	}
	return true, &queue.Answer{Text: string(raw.Data)}
}

// attempted is attempt, where an answer is kept and is no error.
func (h *handling) attempted(ctx context.Context, e queue.Entry) error {
	err := h.attempt(ctx, e)
	answer, ok := queue.AnswerIn(err)
	if !ok {
		return err
	}
	h.config.Logger.WarnContext(ctx, "dualgen queue entry changed nothing", slog.Uint64("entry", e.Seq), slog.String("method", e.Method),
		slog.String("kind", e.Key.Kind), slog.String("answer", answer.Text))
	_, err = h.q.js.Publish(ctx, h.q.answer(strconv.FormatUint(e.Seq, 10)), []byte(answer.Text))
	return err
}

// waited is for how long a parked entry has been in the queue.
func (m message) waited() time.Duration {
	if m.At.IsZero() { // an earlier build parked it
		return 0
	}
	return max(time.Since(m.At), 0)
}

package natsqueue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/dualgen/dualgen/runtime/queue"
)

// consumer applies entries. Of each part it has one message under way, and no other process has any.
type consumer struct {
	q      *Queue
	config queue.Config
	apply  queue.Apply
}

// Consume implements queue.Queue. It returns the error of ctx, once what is under way has ended.
func (q *Queue) Consume(ctx context.Context, apply queue.Apply, config queue.Config) error {
	config = config.Complete()
	if config.Timeout+config.Settle >= q.options.AckWait {
		return fmt.Errorf("dualgen: an attempt (%v) and the settle window (%v) must be over before others take over (Options.AckWait, %v)",
			config.Timeout, config.Settle, q.options.AckWait)
	}
	c := &consumer{q, config, apply}
	var running sync.WaitGroup
	for part := range parts {
		running.Go(func() { c.part(ctx, part) })
	}
	running.Go(func() { c.remind(ctx) })
	running.Wait()
	return ctx.Err()
}

// part handles the messages of one part, one after the other.
func (c *consumer) part(ctx context.Context, part int) {
	for ctx.Err() == nil {
		msg, err := c.q.consumer[part].Next(jetstream.FetchContext(ctx))
		if err != nil {
			if ctx.Err() == nil && !errors.Is(err, context.DeadlineExceeded) {
				c.config.Logger.WarnContext(ctx, "dualgen queue cannot be read", slog.Any("error", err))
				pause(ctx, time.Second)
			}
			continue
		}
		h := &handling{consumer: c, msg: msg, since: time.Now()}
		if err := h.handle(context.WithoutCancel(ctx)); err != nil {
			c.config.Logger.WarnContext(ctx, "dualgen queue entry is handled again", slog.Any("error", err))
			// Nothing else of the part is delivered before this is again, after AckWait.
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// remind has parked entries tried again whose time has come. Each process does it; what several say is stored once.
func (c *consumer) remind(ctx context.Context) {
	for ctx.Err() == nil {
		pause(ctx, 500*time.Millisecond)
		subjects, err := c.q.waiting(ctx, c.q.place(">"))
		if err != nil {
			continue // looked at again
		}
		keys := map[string]bool{}
		for _, subject := range subjects {
			key := subject[:strings.LastIndexByte(subject, '.')]
			if keys[key] {
				continue // it is behind another
			}
			keys[key] = true
			head, err := c.q.at(ctx, subject)
			if err != nil || head.Given || time.Now().Before(head.Next) {
				continue
			}
			id := fmt.Sprintf("dualgen retry %d %d %d", head.Seq, head.Attempts, head.Next.UnixNano())
			_, _ = c.q.publish(ctx, c.q.subject(strconv.Itoa(partOf(head.Key))), message{Entry: queue.Entry{Seq: head.Seq, Key: head.Key}, Order: retry}, id)
		}
	}
}

// handling is one message under way.
type handling struct {
	*consumer
	msg   jetstream.Msg
	since time.Time // when the server was told last that it is
}

// errLate: others may have taken over.
var errLate = errors.New("dualgen: the message was under way for too long")

// progress tells the server that the message is under way.
func (h *handling) progress() error {
	if err := h.intime(); err != nil {
		return err
	}
	now := time.Now()
	if err := h.msg.InProgress(); err != nil {
		return err
	}
	h.since = now
	return nil
}

// intime reports whether nobody else can have the message.
func (h *handling) intime() error {
	if time.Since(h.since) >= h.q.options.AckWait-time.Second/2 {
		return errLate
	}
	return nil
}

// handle does what the message says, and has the part's next one delivered.
func (h *handling) handle(ctx context.Context) error {
	meta, err := h.msg.Metadata()
	if err != nil {
		return err
	}
	m, err := decoded(h.msg.Data())
	if err != nil {
		return err
	}
	switch m.Order {
	case "":
		m.Seq, m.At = meta.Sequence.Stream, meta.Timestamp
		err = h.entry(ctx, m)
	case drop:
		if err = h.remove(ctx, fmt.Sprintf("%s.%d", h.q.placeOf(m.Key), m.Seq)); err == nil {
			err = h.drain(ctx, m)
		}
	default:
		err = h.drain(ctx, m)
	}
	if err != nil {
		return err
	}
	if err := h.intime(); err != nil {
		return err
	}
	return h.msg.DoubleAck(ctx)
}

// entry applies an entry, or parks it behind those of its key.
func (h *handling) entry(ctx context.Context, m message) error {
	before, err := h.q.waiting(ctx, h.q.placeOf(m.Key)+".*")
	if err != nil {
		return err
	}
	if len(before) > 0 { // it may be among them already
		if seqOf(before[len(before)-1]) >= m.Seq {
			return nil
		}
		m.Next = time.Now()
		return h.park(ctx, m)
	}
	if cause := h.attempted(ctx, m.Entry); cause != nil {
		return h.failed(ctx, m, cause)
	}
	return nil
}

// attempt makes one write.
func (h *handling) attempt(ctx context.Context, e queue.Entry) (err error) {
	if err := h.progress(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, h.config.Timeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("dualgen: applying entry %d panicked: %v", e.Seq, p)
		}
	}()
	return h.apply(ctx, e)
}

// failed parks an entry whose attempt failed.
func (h *handling) failed(ctx context.Context, m message, cause error) error {
	if errors.Is(cause, errLate) {
		return cause
	}
	verdict := h.config.Judge(m.Entry, cause)
	if verdict.Count {
		m.Attempts++
		h.config.Logger.WarnContext(ctx, "dualgen queue entry failed", slog.Uint64("entry", m.Seq), slog.String("method", m.Method),
			slog.String("kind", m.Key.Kind), slog.Bool("given up", verdict.Park), slog.Any("error", cause))
	}
	m.Given, m.Problem, m.Next = verdict.Park, cause.Error(), time.Now().Add(verdict.After)
	return h.park(ctx, m)
}

// park puts an entry where the parked ones of its key are, or in its own place there.
func (h *handling) park(ctx context.Context, m message) error {
	if err := h.progress(); err != nil {
		return err
	}
	_, err := h.q.publish(ctx, fmt.Sprintf("%s.%d", h.q.placeOf(m.Key), m.Seq), m, "")
	return err
}

// drain applies the parked entries of a key, in order, until one is not due, was given up, or fails.
func (h *handling) drain(ctx context.Context, said message) error {
	for {
		m, subject, err := h.q.head(ctx, h.q.placeOf(said.Key)+".0")
		if err != nil || subject == "" {
			return err
		}
		if said.Order == again && m.Seq == said.Seq && m.Given {
			m.Given, m.Attempts, m.Next = false, 0, time.Time{}
		}
		if m.Given || time.Now().Before(m.Next) {
			return nil
		}
		if cause := h.attempted(ctx, m.Entry); cause != nil {
			return h.failed(ctx, m, cause)
		}
		if err := h.remove(ctx, subject); err != nil {
			return err
		}
	}
}

// remove takes an entry out of the parked ones.
func (h *handling) remove(ctx context.Context, subject string) error {
	if err := h.progress(); err != nil {
		return err
	}
	return h.q.parked.Purge(ctx, jetstream.WithPurgeSubject(subject))
}

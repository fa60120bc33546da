// Package natsqueue is a queue of writes in NATS JetStream. It needs a server of version 2.10 or later.
//
// The keys are divided into parts, each a subject with a consumer of its own that has one message under way at most: the next one is
// delivered once it was acknowledged, whoever asks. So no redelivery can overtake anything. An entry that fails is taken out of its part
// and parked with everything behind it of its key, in a second stream, so that the other keys of the part go on.
//
// How durable an append is, the server decides: by default it writes to its file and syncs every two minutes, which outlasts the death of
// its process. sync_interval: always, or three replicas, outlast that of the machine.
package natsqueue

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/queue"
)

// parts is into how many parts the keys are divided. It must never change: two builds would apply the entries of one key at once.
const parts = 32

// Options are a queue's.
type Options struct {
	// Name tells the queues of one server apart: letters, digits, "-" and "_". Defaults to "writes".
	Name string
	// Replicas of the streams. Defaults to 1.
	Replicas int
	// Keep is how long an entry is remembered by its ID. Defaults to 1h.
	Keep time.Duration
	// AckWait is when another process takes over what one has under way: more than queue.Config.Timeout and Settle together. It is fixed when
	// the queue is made. Defaults to 30s.
	AckWait time.Duration
}

// Queue is a queue.Queue. It is safe for concurrent use.
type Queue struct {
	js       jetstream.JetStream
	options  Options
	entries  jetstream.Stream
	parked   jetstream.Stream
	answers  jetstream.Stream
	consumer [parts]jetstream.Consumer
}

var _ queue.Queue = (*Queue)(nil)

// Open makes the streams and consumers of the queue where they are not there, and returns it.
func Open(ctx context.Context, js jetstream.JetStream, options Options) (*Queue, error) {
	orDefault(&options.Name, "writes")
	orDefault(&options.Replicas, 1)
	orDefault(&options.Keep, time.Hour)
	orDefault(&options.AckWait, 30*time.Second)
	q := &Queue{js: js, options: options}
	var err error
	q.entries, err = js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{Name: "dualgen_" + options.Name, Subjects: []string{q.subject("*")},
		Retention: jetstream.WorkQueuePolicy, Storage: jetstream.FileStorage, Duplicates: options.Keep, Replicas: options.Replicas})
	if err != nil {
		return nil, fmt.Errorf("make the queue's stream: %w", err)
	}
	q.parked, err = js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{Name: "dualgen_" + options.Name + "_parked", Subjects: []string{q.place(">")},
		Storage: jetstream.FileStorage, MaxMsgsPerSubject: 1, Replicas: options.Replicas})
	if err != nil {
		return nil, fmt.Errorf("make the stream of parked entries: %w", err)
	}
	q.answers, err = js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{Name: "dualgen_" + options.Name + "_answers", Subjects: []string{q.answer("*")},
		Storage: jetstream.FileStorage, MaxMsgsPerSubject: 1, MaxAge: options.Keep, Replicas: options.Replicas})
	if err != nil {
		return nil, fmt.Errorf("make the stream of answers: %w", err)
	}
	for part := range parts {
		q.consumer[part], err = q.entries.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{Durable: fmt.Sprintf("part%d", part), FilterSubject: q.subject(strconv.Itoa(part)),
			AckPolicy: jetstream.AckExplicitPolicy, MaxAckPending: 1, AckWait: options.AckWait, Replicas: options.Replicas})
		if err != nil {
			return nil, fmt.Errorf("make the consumer of part %d: %w", part, err)
		}
	}
	return q, nil
}

func orDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// subject is a part's.
func (q *Queue) subject(part string) string { return "dualgen." + q.options.Name + "." + part }

// place is where parked entries are: part, key and sequence.
func (q *Queue) place(rest string) string { return "dualgen_parked." + q.options.Name + "." + rest }

// placeOf is where the parked entries of a key are.
func (q *Queue) placeOf(key journal.Key) string {
	return q.place(fmt.Sprintf("%d.%s", partOf(key), token(key)))
}

// token is a key as a part of a subject.
func token(key journal.Key) string {
	return base64.RawURLEncoding.EncodeToString([]byte(key.Kind + "\x00" + key.ID))
}

func partOf(key journal.Key) int {
	h := fnv.New64a()
	_, _ = h.Write([]byte(key.Kind + "\x00" + key.ID)) // never fails
	sum := h.Sum64()
	return int((sum ^ sum>>32) % parts)
}

// order is what a message says that is no entry: have a key's parked entries tried again, or drop one of them.
type order string

const (
	retry order = "retry"
	again order = "again" // of an entry that was given up
	drop  order = "drop"
)

// message is what the streams hold.
type message struct {
	queue.Entry
	KeyID   []byte    // that of Entry.Key, which need not be text
	Order   order     `json:",omitempty"`
	Given   bool      `json:",omitempty"` // it was given up
	Next    time.Time `json:",omitzero"`  // the next attempt
	Problem string    `json:",omitempty"`
	At      time.Time `json:",omitzero"` // when it was appended
}

// Append implements queue.Queue.
func (q *Queue) Append(ctx context.Context, e queue.Entry) (uint64, error) {
	if e.Key.Whole {
		return 0, errors.New("dualgen: a write of unknown keys cannot be queued: nothing orders it beside those of one key")
	}
	if e.ID == "" {
		e.ID = queue.NewID()
	}
	ack, err := q.publish(ctx, q.subject(strconv.Itoa(partOf(e.Key))), message{Entry: e}, e.ID)
	if err != nil {
		return 0, fmt.Errorf("append to the queue: %w", err)
	}
	return ack.Sequence, nil
}

func (q *Queue) publish(ctx context.Context, subject string, m message, id string) (*jetstream.PubAck, error) {
	m.KeyID, m.Key.ID = []byte(m.Key.ID), ""
	data, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	msg := &nats.Msg{Subject: subject, Data: data}
	if id == "" {
		return q.js.PublishMsg(ctx, msg)
	}
	return q.js.PublishMsg(ctx, msg, jetstream.WithMsgID(id))
}

// waiting lists the subjects of parked entries that match, in the order of their sequences.
func (q *Queue) waiting(ctx context.Context, filter string) ([]string, error) {
	info, err := q.parked.Info(ctx, jetstream.WithSubjectFilter(filter))
	if err != nil {
		return nil, fmt.Errorf("look at parked entries: %w", err)
	}
	var subjects []string
	for subject := range info.State.Subjects {
		subjects = append(subjects, subject)
	}
	slices.SortFunc(subjects, func(a, b string) int { return int(int64(seqOf(a)) - int64(seqOf(b))) })
	return subjects, nil
}

func seqOf(subject string) uint64 {
	n, _ := strconv.ParseUint(subject[strings.LastIndexByte(subject, '.')+1:], 10, 64)
	return n
}

// at reads a parked entry.
func (q *Queue) at(ctx context.Context, subject string) (m message, err error) {
	raw, err := q.parked.GetLastMsgForSubject(ctx, subject)
	if err != nil {
		return m, err
	}
	return decoded(raw.Data)
}

// decoded is what publish has written.
func decoded(data []byte) (m message, err error) {
	err = json.Unmarshal(data, &m)
	m.Key.ID = string(m.KeyID)
	return m, err
}

// head is the first parked entry of the key that a parked entry is of.
func (q *Queue) head(ctx context.Context, subject string) (m message, first string, err error) {
	all, err := q.waiting(ctx, subject[:strings.LastIndexByte(subject, '.')]+".*")
	if err != nil || len(all) == 0 {
		return m, "", err
	}
	m, err = q.at(ctx, all[0])
	if errors.Is(err, jetstream.ErrMsgNotFound) { // applied a moment ago
		return message{}, "", nil
	}
	return m, all[0], err
}

// Applied implements queue.Queue.
func (q *Queue) Applied(ctx context.Context, seq uint64) (bool, error) {
	if _, err := q.entries.GetMsg(ctx, seq); err == nil {
		return false, nil
	} else if !errors.Is(err, jetstream.ErrMsgNotFound) {
		return false, fmt.Errorf("look at entry %d: %w", seq, err)
	}
	subjects, err := q.waiting(ctx, q.place(fmt.Sprintf("*.*.%d", seq)))
	if err != nil {
		return false, err
	}
	if len(subjects) == 0 {
		return q.answered(ctx, seq)
	}
	head, _, err := q.head(ctx, subjects[0])
	if err == nil && head.Given {
		err = queue.ErrBlocked
	}
	return false, err
}

// Status implements queue.Queue. Oldest leaves parked entries out.
func (q *Queue) Status(ctx context.Context) (queue.Status, error) {
	var s queue.Status
	entries, err := q.entries.Info(ctx)
	if err != nil {
		return s, fmt.Errorf("count the queue: %w", err)
	}
	subjects, err := q.waiting(ctx, q.place(">"))
	if err != nil {
		return s, err
	}
	s.Pending = int64(entries.State.Msgs) + int64(len(subjects))
	if entries.State.Msgs > 0 {
		s.Oldest = max(time.Since(entries.State.FirstTime), 0)
	}
	given, err := q.Parked(ctx, len(subjects))
	s.Parked = int64(len(given))
	return s, err
}

// Parked implements queue.Queue.
func (q *Queue) Parked(ctx context.Context, limit int) ([]queue.Parked, error) {
	subjects, err := q.waiting(ctx, q.place(">"))
	if err != nil {
		return nil, err
	}
	var all []queue.Parked
	for _, subject := range subjects {
		m, err := q.at(ctx, subject)
		switch {
		case errors.Is(err, jetstream.ErrMsgNotFound) || err == nil && !m.Given:
			continue
		case err != nil:
			return nil, fmt.Errorf("list the entries that were given up: %w", err)
		}
		if all = append(all, queue.Parked{Entry: m.Entry, Problem: m.Problem, Waited: m.waited()}); len(all) == limit {
			break
		}
	}
	return all, nil
}

// Retry implements queue.Queue. The part's consumer does it, in its turn.
func (q *Queue) Retry(ctx context.Context, seq uint64) error { return q.orders(ctx, seq, again) }

// Drop implements queue.Queue. The part's consumer does it, in its turn.
func (q *Queue) Drop(ctx context.Context, seq uint64) error { return q.orders(ctx, seq, drop) }

func (q *Queue) orders(ctx context.Context, seq uint64, what order) error {
	subjects, err := q.waiting(ctx, q.place(fmt.Sprintf("*.*.%d", seq)))
	if err != nil {
		return err
	}
	if len(subjects) == 0 {
		return queue.ErrNoEntry
	}
	m, err := q.at(ctx, subjects[0])
	if err != nil || !m.Given {
		return errors.Join(queue.ErrNoEntry, err)
	}
	_, err = q.publish(ctx, q.subject(strconv.Itoa(partOf(m.Key))), message{Entry: queue.Entry{Seq: seq, Key: m.Key}, Order: what}, "")
	return err
}

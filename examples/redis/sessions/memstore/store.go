// Package memstore keeps sessions in Memcached: one JSON document for each, which expires when the session does.
package memstore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/bradfitz/gomemcache/memcache"
)

// ErrNone is returned where a session is not there.
var ErrNone = errors.New("memstore: no such session")

// Session is a document.
type Session struct {
	Token   string    `json:"token"`
	User    string    `json:"user"`
	Roles   []string  `json:"roles,omitempty"`
	Opened  time.Time `json:"opened"`
	Expires time.Time `json:"expires"`
}

// Store is the part of a Memcached server whose keys begin with a prefix.
type Store struct {
	client      *memcache.Client
	prefix      string
	interceptor Interceptor
}

// Open returns the store at an address such as 127.0.0.1:11211.
func Open(address, prefix string) *Store {
	client := memcache.New(address)
	client.Timeout, client.MaxIdleConns = timeout, connections
	return &Store{client: client, prefix: prefix}
}

const (
	timeout     = time.Second // of one call: the client takes no context
	connections = 16
)

// Close closes the connections.
func (s *Store) Close() error { return s.client.Close() }

// Get returns the session of that token, or ErrNone.
func (s *Store) Get(ctx context.Context, token string) (*Session, error) {
	var found *Session
	err := s.call(ctx, "Get", token, func(ctx context.Context) (err error) {
		_, found, err = s.read(ctx, token)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("get session: %w", err)
	}
	return found, nil
}

// Save adds a session, or replaces the one of its token.
func (s *Store) Save(ctx context.Context, session *Session) error {
	err := s.call(ctx, "Save", session.Token, func(ctx context.Context) error {
		item, err := s.item(session)
		if err != nil || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		return s.client.Set(item)
	})
	if err != nil {
		return fmt.Errorf("save session: %w", err)
	}
	return nil
}

// Extend sets when a session expires. It returns ErrNone for one that is not there.
func (s *Store) Extend(ctx context.Context, token string, until time.Time) error {
	err := s.call(ctx, "Extend", token, func(ctx context.Context) error {
		for {
			item, session, err := s.read(ctx, token)
			if err != nil {
				return err
			}
			session.Expires = until
			changed, err := s.item(session)
			if err != nil {
				return err
			}
			item.Value, item.Expiration = changed.Value, changed.Expiration
			switch err := s.client.CompareAndSwap(item); {
			case errors.Is(err, memcache.ErrCASConflict): // somebody else changed it
			case errors.Is(err, memcache.ErrNotStored), errors.Is(err, memcache.ErrCacheMiss):
				return ErrNone
			default:
				return err
			}
		}
	})
	if err != nil {
		return fmt.Errorf("extend session: %w", err)
	}
	return nil
}

// Delete removes a session. It returns ErrNone for one that is not there.
func (s *Store) Delete(ctx context.Context, token string) error {
	err := s.call(ctx, "Delete", token, func(ctx context.Context) error {
		if _, _, err := s.read(ctx, token); err != nil { // it may be there, and have expired
			return err
		}
		err := s.client.Delete(s.key(token))
		if errors.Is(err, memcache.ErrCacheMiss) {
			return ErrNone
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("delete session: %w", err)
	}
	return nil
}

// read returns a session and the item that holds it. Memcached counts in seconds, and may keep an item for up to one too long.
func (s *Store) read(ctx context.Context, token string) (*memcache.Item, *Session, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	item, err := s.client.Get(s.key(token))
	switch {
	case errors.Is(err, memcache.ErrCacheMiss):
		return nil, nil, ErrNone
	case err != nil:
		return nil, nil, err
	}
	var found Session
	if err := json.Unmarshal(item.Value, &found); err != nil {
		return nil, nil, fmt.Errorf("document of session: %w", err)
	}
	if !time.Now().Before(found.Expires) {
		return nil, nil, ErrNone
	}
	return item, &found, nil
}

func (s *Store) item(session *Session) (*memcache.Item, error) {
	document, err := json.Marshal(session)
	if err != nil {
		return nil, fmt.Errorf("document of session: %w", err)
	}
	return &memcache.Item{Key: s.key(session.Token), Value: document, Expiration: expiration(session.Expires)}, nil
}

// expiration is a moment as Memcached has it: seconds since 1970, the next whole one. What is below a month would be taken for a span
// from now on, and 0 for never; what is beyond the client's range is left to read.
func expiration(moment time.Time) int32 {
	const month = 60 * 60 * 24 * 30
	seconds := moment.Add(time.Second - 1).Unix()
	switch {
	case seconds > math.MaxInt32:
		return 0
	case seconds <= month:
		return -1 // at once
	}
	return int32(seconds)
}

// key makes of a token what Memcached takes for a key: at most 250 bytes, none of them a blank or a control.
func (s *Store) key(token string) string {
	sum := sha256.Sum256([]byte(token))
	return s.prefix + hex.EncodeToString(sum[:])
}

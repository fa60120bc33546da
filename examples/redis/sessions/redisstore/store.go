// Package redisstore keeps sessions in Redis: a hash for each, which expires when the session does.
package redisstore

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// ErrNone is returned where a session is not there.
var ErrNone = errors.New("redisstore: no such session")

// Session is what a hash has. Its key has the token.
type Session struct {
	Token   string `redis:"-"`
	User    string `redis:"user"`
	Roles   string `redis:"roles"`   // JSON
	Opened  int64  `redis:"opened"`  // ms since 1970
	Expires int64  `redis:"expires"` // ms since 1970
}

// Store is the part of a Redis database whose keys begin with a prefix.
type Store struct {
	client      *redis.Client
	prefix      string
	interceptor Interceptor
}

// Open returns the store at a URL such as redis://127.0.0.1:6379/0.
func Open(url, prefix string) (*Store, error) {
	options, err := redis.ParseURL(url)
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	// A write that failed may have had its effect: the client must not make it again by itself, after the wrapper has gone on.
	options.MaxRetries = -1
	options.DialTimeout, options.ReadTimeout, options.WriteTimeout = timeout, timeout, timeout
	return &Store{client: redis.NewClient(options), prefix: prefix}, nil
}

// timeout bounds one call, so that what was sent is done or never will be once it has passed.
const timeout = time.Second

// Close closes the connections.
func (s *Store) Close() error { return s.client.Close() }

// Get returns the session of that token, or ErrNone.
func (s *Store) Get(ctx context.Context, token string) (*Session, error) {
	found := Session{Token: token}
	err := s.call(ctx, "Get", token, func(ctx context.Context) error {
		reply := s.client.HGetAll(ctx, s.prefix+token)
		switch fields, err := reply.Result(); {
		case err != nil:
			return err
		case len(fields) == 0:
			return ErrNone
		}
		return reply.Scan(&found)
	})
	if err != nil {
		return nil, fmt.Errorf("get session: %w", err)
	}
	return &found, nil
}

// save replaces a whole hash and says when it expires, in one step: between two commands there would be a session that never ends.
// A moment that has passed removes it.
var save = redis.NewScript(`
	redis.call('DEL', KEYS[1])
	redis.call('HSET', KEYS[1], 'user', ARGV[1], 'roles', ARGV[2], 'opened', ARGV[3], 'expires', ARGV[4])
	redis.call('PEXPIREAT', KEYS[1], ARGV[4])
	return 1`)

// Save adds a session, or replaces the one of its token.
func (s *Store) Save(ctx context.Context, session *Session) error {
	return s.run(ctx, "Save", save, session.Token, session.User, session.Roles, session.Opened, session.Expires)
}

// extend does nothing where there is no hash: HSET alone would make one that has no user.
var extend = redis.NewScript(`
	if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
	redis.call('HSET', KEYS[1], 'expires', ARGV[1])
	redis.call('PEXPIREAT', KEYS[1], ARGV[1])
	return 1`)

// Extend sets when a session expires, in ms since 1970. It returns ErrNone for one that is not there.
func (s *Store) Extend(ctx context.Context, token string, until int64) error {
	return s.run(ctx, "Extend", extend, token, until)
}

var remove = redis.NewScript(`return redis.call('DEL', KEYS[1])`)

// Delete removes a session. It returns ErrNone for one that is not there.
func (s *Store) Delete(ctx context.Context, token string) error {
	return s.run(ctx, "Delete", remove, token)
}

// run runs a script that returns 0 where the session is not there.
func (s *Store) run(ctx context.Context, method string, script *redis.Script, token string, args ...any) error {
	err := s.call(ctx, method, token, func(ctx context.Context) error {
		done, err := script.Run(ctx, s.client, []string{s.prefix + token}, args...).Int()
		if err == nil && done == 0 {
			return ErrNone
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("%s of a session: %w", method, err)
	}
	return nil
}

// Tokens lists tokens, from the cursor "" on until it returns "" again. Redis promises that whatever is there all the time is listed
// at least once; it may list a token several times.
func (s *Store) Tokens(ctx context.Context, cursor string, limit int) (tokens []string, next string, err error) {
	at, err := strconv.ParseUint("0"+cursor, 10, 64)
	if err != nil {
		return nil, "", fmt.Errorf("cursor %q: %w", cursor, err)
	}
	keys, at, err := s.client.Scan(ctx, at, escape(s.prefix)+"*", int64(limit)).Result()
	if err != nil {
		return nil, "", fmt.Errorf("list sessions: %w", err)
	}
	for _, key := range keys {
		tokens = append(tokens, key[len(s.prefix):])
	}
	if at != 0 {
		next = strconv.FormatUint(at, 10)
	}
	return tokens, next, nil
}

// Command redis moves sessions from Redis to Memcached while they are in use, and back again, and keeps account. It needs both servers,
// named by DUALGEN_REDIS and DUALGEN_MEMCACHED: make redis starts them.
//
// All that it writes there has keys that begin with the name of its directory. It removes them from Redis if the directory is a temporary
// one; Memcached forgets them by itself.
package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/dualgen/dualgen/examples/internal/place"
	"github.com/dualgen/dualgen/examples/internal/walk"
	"github.com/dualgen/dualgen/examples/redis/sessions"
	"github.com/dualgen/dualgen/examples/redis/sessions/memstore"
	"github.com/dualgen/dualgen/examples/redis/sessions/redisstore"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
)

func main() { os.Exit(walk.Main(subject())) }

// open opens both stores and wraps them.
func open(ctx context.Context, directory string, faults *[2]dualtest.Faults, config dual.Config) (*world, error) {
	old, err := openRedis(directory)
	if err != nil {
		return nil, err
	}
	address, err := place.Server("DUALGEN_MEMCACHED", "redis memcached")
	if err != nil {
		return nil, err
	}
	new := memstore.Open(address, prefix(directory))
	migration, err := dual.NewMigration(config)
	if err != nil {
		return nil, err
	}
	dualSessions := sessions.NewDualSessions(old, new, migration)

	// What follows is for the walk alone: it makes both stores fail now and then, and looks at each without the other.
	old.Intercept(walk.Interceptor(&faults[dual.Old], "old"))
	new.Intercept(walk.Interceptor(&faults[dual.New], "new"))
	w, err := walk.NewWorld(ctx, migration, packages{dualSessions}, func(fixed *dual.Migration) walk.Packages[string, sessions.Session] {
		return packages{sessions.NewDualSessions(old, new, fixed)}
	}, old.Close, new.Close)
	if err != nil {
		return nil, err
	}
	w.Bring = func(ctx context.Context, token string) error { return sessions.Bring(ctx, migration, token) }
	w.List = func(ctx context.Context, store dual.Store) ([]string, error) {
		if store == dual.New {
			return nil, nil // Memcached cannot tell
		}
		return tokens(ctx, old)
	}
	w.Empty = func(ctx context.Context) error { return empty(ctx, old) }
	return w, nil
}

// backend keeps the flags and the journal in a database beside the service, which survives it. A service with several instances
// keeps them in a database that all of them share.
func backend(ctx context.Context, directory string) (walk.Backend, error) {
	return walk.SQLite(ctx, filepath.Join(directory, "control.sqlite"))
}

// remove removes what a directory's walk has in Redis.
func remove(ctx context.Context, directory string) error {
	store, err := openRedis(directory)
	if err != nil {
		return err
	}
	return errors.Join(empty(ctx, store), store.Close())
}

func openRedis(directory string) (*redisstore.Store, error) {
	url, err := place.Server("DUALGEN_REDIS", "redis memcached")
	if err != nil {
		return nil, err
	}
	return redisstore.Open(url, prefix(directory))
}

func prefix(directory string) string { return filepath.Base(directory) + ":" }

// tokens lists what Redis has, some of it twice.
func tokens(ctx context.Context, store *redisstore.Store) (all []string, err error) {
	for cursor := ""; ; {
		page, next, err := store.Tokens(ctx, cursor, 100)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if cursor = next; next == "" {
			return all, nil
		}
	}
}

// empty ends every session of Redis.
func empty(ctx context.Context, store *redisstore.Store) error {
	all, err := tokens(ctx, store)
	for _, token := range all {
		if err == nil {
			if err = store.Delete(ctx, token); errors.Is(err, redisstore.ErrNone) {
				err = nil
			}
		}
	}
	return err
}

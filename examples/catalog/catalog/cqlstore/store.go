// Package cqlstore keeps packages in Cassandra, in one table for each query: by id, and by section and name.
package cqlstore

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/gocql/gocql"
)

// ErrNoRow is returned where a package is not there.
var ErrNoRow = gocql.ErrNotFound

// timeout bounds one request; tables are made slowly on a small machine.
const timeout = 20 * time.Second

// tables hold every package twice.
//
// In packages_by_section the partition key has a second, constant part, because a partition key of one text may not be
// empty; and the id stands there as text, too, because uuids sort by version and time, not by their bytes.
var tables = []string{
	`CREATE TABLE IF NOT EXISTS packages_by_id (` + plain + `, PRIMARY KEY (id))`,
	`CREATE TABLE IF NOT EXISTS packages_by_section (catalogue text, place text, ` + plain + `, PRIMARY KEY ((catalogue, section), name, place))`,
}

const (
	plain = `id uuid, name text, version text, section text, priority text, maintainer text, homepage text, size_bytes bigint,
		installed_kib bigint, depends list<text>, tags set<text>, updated timestamp`
	// catalogue is the constant part of the sections' partition keys.
	catalogue = "main"
)

// Store is a Cassandra keyspace.
type Store struct {
	link        *link
	interceptor Interceptor
}

// Open connects to the nodes, comma-separated, and makes the tables if there are none. The keyspace must exist.
func Open(nodes, keyspace string) (*Store, error) {
	cluster := gocql.NewCluster(strings.Split(nodes, ",")...)
	cluster.Keyspace, cluster.Timeout, cluster.Consistency = keyspace, timeout, gocql.Quorum
	session, err := cluster.CreateSession()
	if err != nil {
		return nil, fmt.Errorf("connect to cassandra: %w", err)
	}
	for _, table := range tables {
		if err := session.Query(table).Exec(); err != nil {
			session.Close()
			return nil, fmt.Errorf("create cassandra table: %w", err)
		}
	}
	return &Store{link: connected(session)}, nil
}

// Close closes the session.
func (s *Store) Close() error {
	s.link.close()
	return nil
}

// ByID returns the package of that id, or ErrNoRow.
func (s *Store) ByID(ctx context.Context, id gocql.UUID) (*Package, error) {
	var row *Package
	err := s.call(ctx, "ByID", id.String(), func(ctx context.Context) (err error) {
		row, err = s.byID(ctx, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("package %s: %w", id, err)
	}
	return row, nil
}

// Section lists the packages of a section after a name, by name.
func (s *Store) Section(ctx context.Context, section, after string, limit int) ([]*Package, error) {
	if limit <= 0 {
		return nil, nil
	}
	var page []*Package
	err := s.call(ctx, "Section", "", func(ctx context.Context) (err error) {
		page, err = rows(s.link.session().Query(`SELECT `+columns+` FROM packages_by_section WHERE catalogue = ? AND section = ? AND name > ? LIMIT ?`,
			catalogue, section, after, limit).WithContext(ctx).Iter(), limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("section %s: %w", section, err)
	}
	return page, nil
}

// Scan lists the packages in the order of their partitions. The cursor is the driver's own page state.
func (s *Store) Scan(ctx context.Context, cursor string, limit int) ([]*Package, string, error) {
	state, err := hex.DecodeString(cursor)
	if err != nil {
		return nil, "", fmt.Errorf("cursor %q: %w", cursor, err)
	}
	var page []*Package
	err = s.call(ctx, "Scan", "", func(ctx context.Context) (err error) {
		iter := s.link.session().Query(`SELECT ` + columns + ` FROM packages_by_id`).WithContext(ctx).PageSize(limit).PageState(state).Iter()
		state = iter.PageState()
		page, err = rows(iter, iter.NumRows())
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("page of packages: %w", err)
	}
	return page, hex.EncodeToString(state), nil
}

// Count returns the number of packages.
func (s *Store) Count(ctx context.Context) (int64, error) {
	var count int64
	err := s.call(ctx, "Count", "", func(ctx context.Context) error {
		return s.link.session().Query(`SELECT count(*) FROM packages_by_id`).WithContext(ctx).Scan(&count)
	})
	if err != nil {
		return 0, fmt.Errorf("count packages: %w", err)
	}
	return count, nil
}

func (s *Store) byID(ctx context.Context, id gocql.UUID) (*Package, error) {
	var row Package
	err := s.link.session().Query(`SELECT `+columns+` FROM packages_by_id WHERE id = ?`, id).WithContext(ctx).Scan(row.targets()...)
	if err != nil {
		return nil, err
	}
	row.Updated = row.Updated.UTC()
	return &row, nil
}

// rows reads at most limit rows.
func rows(iter *gocql.Iter, limit int) ([]*Package, error) {
	var page []*Package
	for range limit {
		row := &Package{}
		if !iter.Scan(row.targets()...) {
			break
		}
		row.Updated = row.Updated.UTC()
		page = append(page, row)
	}
	return page, iter.Close()
}

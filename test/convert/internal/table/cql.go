package table

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/gocql/gocql"
)

// timeout bounds one statement: tables are made slowly on a small machine.
const timeout = 20 * time.Second

// CQL is a table of Cassandra, and beside it one for the counters, which no other columns may stand with.
type CQL[R any] struct {
	session  *gocql.Session
	plain    part
	counters part
}

// part is a table, and which of the row's fields are its columns.
type part struct {
	table
	at       []int
	get, put string
}

// OpenCQL makes the tables, after the statements of prepare, and connects to them.
func OpenCQL[R any](ctx context.Context, hosts, keyspace string, prepare ...string) (*CQL[R], error) {
	cluster := gocql.NewCluster(strings.Split(hosts, ",")...)
	cluster.Keyspace, cluster.Timeout = keyspace, timeout
	session, err := cluster.CreateSession()
	if err != nil {
		return nil, fmt.Errorf("open gocql: %w", err)
	}
	s := &CQL[R]{session: session}
	for i, c := range of[R]().columns {
		if i == 0 || c.Type == "counter" {
			s.counters.add(c, i)
		}
		if c.Type != "counter" {
			s.plain.add(c, i)
		}
	}
	s.plain.statements("v", "INSERT INTO v (%s) VALUES (%s)")
	s.counters.statements("counters", "")
	statements := append(prepare, "CREATE TABLE v ("+s.plain.define(`"`)+")")
	if len(s.counters.at) > 1 {
		statements = append(statements, "CREATE TABLE counters ("+s.counters.define(`"`)+")")
	}
	for _, statement := range statements {
		if err := session.Query(statement).WithContext(ctx).Exec(); err != nil {
			session.Close()
			return nil, fmt.Errorf("%s: %w", statement, err)
		}
	}
	return s, nil
}

func (p *part) add(c Column, i int) {
	p.columns = append(p.columns, c)
	p.at = append(p.at, i)
}

func (p *part) statements(name, put string) {
	p.get = fmt.Sprintf("SELECT %s FROM %s WHERE id = ?", p.names(`"`), name)
	if put != "" {
		p.put = fmt.Sprintf(put, p.names(`"`), p.places(question))
	}
}

// pick chooses the part's fields of a list with all.
func (p *part) pick(all []any) (own []any) {
	for _, i := range p.at {
		own = append(own, all[i])
	}
	return own
}

// Close closes the session.
func (s *CQL[R]) Close() error {
	s.session.Close()
	return nil
}

// Get reads the row of an id.
func (s *CQL[R]) Get(ctx context.Context, id string) (row R, err error) {
	all := targets(&row)
	err = s.session.Query(s.plain.get, id).WithContext(ctx).Scan(s.plain.pick(all)...)
	if err == nil && len(s.counters.at) > 1 {
		err = s.session.Query(s.counters.get, id).WithContext(ctx).Scan(s.counters.pick(all)...)
	}
	if errors.Is(err, gocql.ErrNotFound) {
		return row, ErrNoRow
	}
	return row, err
}

// Put writes a row. A counter is moved by what it is away from its value.
func (s *CQL[R]) Put(ctx context.Context, row R) error {
	if err := s.session.Query(s.plain.put, s.plain.pick(values(row))...).WithContext(ctx).Exec(); err != nil || len(s.counters.at) == 1 {
		return err
	}
	var before R
	id := reflect.ValueOf(row).Field(0).Interface()
	err := s.session.Query(s.counters.get, id).WithContext(ctx).Scan(s.counters.pick(targets(&before))...)
	if err != nil && !errors.Is(err, gocql.ErrNotFound) {
		return err
	}
	for n, i := range s.counters.at[1:] {
		name := s.counters.columns[n+1].Name
		by := reflect.ValueOf(row).Field(i).Int() - reflect.ValueOf(before).Field(i).Int()
		if err := s.session.Query("UPDATE counters SET \""+name+"\" = \""+name+"\" + ? WHERE id = ?", by, id).WithContext(ctx).Exec(); err != nil {
			return err
		}
	}
	return nil
}

// Text is what a column holds, as the server writes it.
func (s *CQL[R]) Text(ctx context.Context, id, column string) (text string, err error) {
	name := "v"
	for _, c := range s.counters.columns[1:] {
		if c.Name == column {
			name = "counters"
		}
	}
	err = s.session.Query("SELECT JSON \""+column+"\" FROM "+name+" WHERE id = ?", id).WithContext(ctx).Scan(&text)
	return text, err
}

package cqlcontrol

import (
	"context"

	"github.com/gocql/gocql"
)

// Session is what this package needs of a driver: Gocql makes one of gocql's session, and package v2driver, a module of its own, one of
// that of apache/cassandra-gocql-driver v2. Values and errors are gocql's: UUIDs, consistency levels, ErrNotFound.
type Session interface {
	// Query prepares a statement. The driver sends it once, whatever the session's own policy. A lightweight transaction that was applied,
	// whose answer got lost, and which the driver sends again, is refused, and looks as if somebody else had come before. What must be
	// repeated, this package repeats by itself.
	Query(ctx context.Context, statement string, args ...any) Query
	// AwaitSchemaAgreement returns once all nodes know the tables.
	AwaitSchemaAgreement(ctx context.Context) error
}

// Query is one statement of a Session. It is run once.
type Query interface {
	Consistency(level gocql.Consistency)
	Timestamp(micros int64)
	Exec() error
	// Scan reads the first row. The error is gocql.ErrNotFound where there is none.
	Scan(dest ...any) error
	Rows() Rows
	// Apply runs a lightweight transaction, and reports whether it was applied.
	Apply(serial gocql.SerialConsistency) (bool, error)
}

// Rows are those that a statement reads.
type Rows interface {
	Scan(dest ...any) bool
	Close() error
}

// Gocql is a session of gocql.
func Gocql(session *gocql.Session) Session { return gocqlSession{session} }

type gocqlSession struct{ session *gocql.Session }

func (s gocqlSession) Query(ctx context.Context, statement string, args ...any) Query {
	return gocqlQuery{s.session.Query(statement, args...).RetryPolicy(nil).WithContext(ctx)}
}

func (s gocqlSession) AwaitSchemaAgreement(ctx context.Context) error {
	return s.session.AwaitSchemaAgreement(ctx)
}

type gocqlQuery struct{ query *gocql.Query }

func (q gocqlQuery) Consistency(level gocql.Consistency) { q.query.Consistency(level) }
func (q gocqlQuery) Timestamp(micros int64)              { q.query.WithTimestamp(micros) }
func (q gocqlQuery) Exec() error                         { return q.query.Exec() }
func (q gocqlQuery) Scan(dest ...any) error              { return q.query.Scan(dest...) }
func (q gocqlQuery) Rows() Rows                          { return q.query.Iter() }

func (q gocqlQuery) Apply(serial gocql.SerialConsistency) (bool, error) {
	return q.query.SerialConsistency(serial).MapScanCAS(map[string]any{})
}

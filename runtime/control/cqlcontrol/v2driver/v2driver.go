// Package v2driver lets cqlcontrol keep a migration's control store and journal over a session of apache/cassandra-gocql-driver v2:
//
//	session, err := cluster.CreateSession()
//	backend, err := cqlcontrol.OpenSession(v2driver.Session(session), cqlcontrol.Options{…})
//
// It is a module of its own, so that nobody else has that driver.
package v2driver

import (
	"context"
	"errors"
	"fmt"
	"slices"

	v2 "github.com/apache/cassandra-gocql-driver/v2"
	"github.com/gocql/gocql"

	"github.com/dualgen/dualgen/runtime/control/cqlcontrol"
)

// Session is a session of the driver. The session stays the caller's.
func Session(s *v2.Session) cqlcontrol.Session { return session{s} }

type session struct{ driver *v2.Session }

func (s session) Query(ctx context.Context, statement string, args ...any) cqlcontrol.Query {
	args = slices.Clone(args)
	for i, arg := range args {
		if id, ok := arg.(gocql.UUID); ok {
			args[i] = v2.UUID(id)
		}
		if id, ok := arg.(*gocql.UUID); ok {
			args[i] = (*v2.UUID)(id)
		}
	}
	return query{ctx, s.driver.Query(statement, args...).RetryPolicy(nil)}
}

func (s session) AwaitSchemaAgreement(ctx context.Context) error {
	return s.driver.AwaitSchemaAgreement(ctx)
}

type query struct {
	ctx    context.Context
	driver *v2.Query
}

func (q query) Consistency(level gocql.Consistency) { q.driver.Consistency(v2.Consistency(level)) }
func (q query) Timestamp(micros int64)              { q.driver.WithTimestamp(micros) }
func (q query) Exec() error                         { return known(q.driver.ExecContext(q.ctx)) }
func (q query) Scan(dest ...any) error              { return known(q.driver.ScanContext(q.ctx, own(dest)...)) }
func (q query) Rows() cqlcontrol.Rows               { return rows{q.driver.IterContext(q.ctx)} }

func (q query) Apply(serial gocql.SerialConsistency) (bool, error) {
	applied, err := q.driver.SerialConsistency(v2.Consistency(serial)).MapScanCASContext(q.ctx, map[string]any{})
	return applied, known(err)
}

type rows struct{ driver *v2.Iter }

func (r rows) Scan(dest ...any) bool { return r.driver.Scan(own(dest)...) }
func (r rows) Close() error          { return known(r.driver.Close()) }

// known is an error of the driver in which gocql's is found where cqlcontrol asks for that.
func known(err error) error {
	if errors.Is(err, v2.ErrNotFound) {
		return fmt.Errorf("%w: %w", gocql.ErrNotFound, err)
	}
	return err
}

// own are the places to scan into, of the driver's own types.
func own(dest []any) []any {
	scanned := make([]any, len(dest))
	for i, d := range dest {
		switch d := d.(type) {
		case *gocql.UUID:
			scanned[i] = (*v2.UUID)(d)
		case **gocql.UUID:
			scanned[i] = pointed{d}
		default:
			scanned[i] = d
		}
	}
	return scanned
}

// pointed scans a UUID that may be null.
type pointed struct{ dest **gocql.UUID }

// UnmarshalCQL implements the driver's Unmarshaler.
func (p pointed) UnmarshalCQL(info v2.TypeInfo, data []byte) error {
	if data == nil {
		*p.dest = nil
		return nil
	}
	var id v2.UUID
	if err := v2.Unmarshal(info, data, &id); err != nil {
		return err
	}
	*p.dest = (*gocql.UUID)(&id)
	return nil
}

// NeverConvict is cqlcontrol.NeverConvict for this driver.
type NeverConvict struct{}

var _ v2.ConvictionPolicy = NeverConvict{}

// AddFailure leaves the node where it is.
func (NeverConvict) AddFailure(error, *v2.HostInfo) bool { return false }

// Reset does nothing: no failure was noted.
func (NeverConvict) Reset(*v2.HostInfo) {}

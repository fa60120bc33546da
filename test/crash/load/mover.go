package main

import (
	"context"
	"time"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/verify"
	"github.com/dualgen/dualgen/test/crash/internal/ledger"
	"github.com/dualgen/dualgen/test/crash/internal/setting"
)

// mover does what the flag record owes: the backfill, then verify passes until the stores are proved equal; and what an
// operator does whose status says that the whole kind is unclean.
type mover struct {
	*world
	book *ledger.Writer
}

func (m *mover) run(ctx context.Context) {
	for ctx.Err() == nil {
		if err := m.once(ctx); err != nil && ctx.Err() == nil {
			m.log.Warn("mover", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (m *mover) once(ctx context.Context) error {
	record, err := m.migration.Control().Load(ctx)
	if err != nil || !record.Phase.Mirrored() {
		return err
	}
	filled := record.Backfills[setting.Kind]
	done := filled.Complete && filled.Epoch == record.MirroredSince && filled.From == record.MirroredFrom
	ready := record.Phase == dual.OldPrimary || record.Phase == dual.NewPrimary
	if !done && ready && record.Phase.Primary() == record.MirroredFrom {
		_, err := backfill.Run(as(ctx, "backfill"), m.migration, setting.Kind, backfill.Config{
			Chunk: 40, Rate: -1, Lease: setting.Lease, Settle: m.settings.Settle, Timeout: setting.CallTimeout, Logger: m.log,
		})
		return err
	}
	if !done {
		return nil
	}
	if owed, err := m.repairOwed(ctx); err != nil || proved(record) && !owed {
		return err
	}
	return m.verify(ctx)
}

// repairOwed reports whether the whole kind is unclean: a sweep was killed, or it failed.
func (m *mover) repairOwed(ctx context.Context) (bool, error) {
	entry, unclean, err := m.migration.Journal().Lookup(ctx, dual.Key{Kind: setting.Kind, Whole: true})
	return unclean && entry.Dirty && entry.Active == 0, err
}

// proved reports whether the record holds a certificate that is valid but for the journal's incarnation.
func proved(r control.Record) bool {
	c, ok := r.Certificates[setting.Kind]
	return ok && c.Epoch == r.MirroredSince && c.Voids == r.Voids && c.Differed == 0 && !r.ParityVoid
}

func (m *mover) verify(ctx context.Context) error {
	record, err := m.migration.Control().Load(ctx)
	if err != nil {
		return err
	}
	report, err := verify.Run(as(ctx, "verify"), m.migration, setting.Kind, verify.Config{
		Repair: true, Settle: m.settings.Settle, Rate: -1, Lease: setting.Lease, Timeout: setting.CallTimeout, Logger: m.log,
	})
	if err != nil {
		return err
	}
	if report.Differed() > 0 {
		time.Sleep(setting.Lease) // an instance that wrote without the journal says so a little later
	}
	after, err := m.migration.Control().Load(ctx)
	if err != nil {
		return err
	}
	only := [2]int64{report.OnlyOld, report.OnlyNew}
	return m.book.Verify(ledger.Verified{
		Proves:    record.Voids == 0 && after.Voids == 0 && !report.Whole, // there a difference is expected
		Different: report.Different, OnlyPrimary: only[record.Phase.Primary()], Compared: report.Compared,
	})
}

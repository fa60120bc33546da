package dual

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/process"
	"github.com/dualgen/dualgen/runtime/phase"
)

// The messages of events. They are stable, as the package comment promises.
const (
	eventPhase         = "dualgen phase changed"
	eventAcked         = "dualgen epoch acknowledged"
	eventLeaseLost     = "dualgen lease lost"
	eventLeaseRegained = "dualgen lease regained"
	eventMirrorFailed  = "dualgen mirror failed"
	eventMirrorPaused  = "dualgen mirror paused"
	eventMismatch      = "dualgen mismatch"
	eventJournalFailed = "dualgen journal failed"
	eventControlFailed = "dualgen control failed"
	eventTurns         = "dualgen turns failed"
	eventCanary        = "dualgen canary breached"
	eventUntold        = "dualgen key untold"
)

// logEvery is how often one method logs its mirror's failures, or its journal's.
const logEvery = time.Second

// logMirror logs a mirror write that failed. The key's ID stays out of it, which may be personal data.
func (m *Migration) logMirror(ctx context.Context, a *attempt, err error) {
	method := a.call.method
	suppressed, ok := method.mayLog(m.hooks.Now())
	if !ok {
		return
	}
	attributes := []slog.Attr{
		slog.String("method", method.info.Name), slog.String("kind", a.key.Kind),
		slog.String("mirror", a.primary.Other().String()), slog.Any("error", err),
		slog.Int64("suppressed", suppressed),
	}
	if panicked, ok := errors.AsType[*PanicError](err); ok {
		attributes = append(attributes, slog.String("stack", string(panicked.Stack)))
	}
	m.config.Logger.LogAttrs(ctx, slog.LevelWarn, eventMirrorFailed, attributes...)
}

// journalFault counts and logs a call of the journal that failed.
func (m *Migration) journalFault(ctx context.Context, method *Method, err error) {
	m.journalFailed.Add(1)
	suppressed, ok := method.mayLog(m.hooks.Now())
	if !ok {
		return
	}
	m.config.Logger.LogAttrs(ctx, slog.LevelError, eventJournalFailed,
		slog.String("method", method.info.Name), slog.Any("error", err), slog.Int64("suppressed", suppressed))
}

// logPhase logs that calls go by another state from now on. Of a command's process the first state is no event: it comes and goes with each
// line that an operator types.
func (m *Migration) logPhase(ctx context.Context, next, last *state) {
	if last.epoch == 0 && process.Command() {
		return
	}
	attributes := []slog.Attr{
		slog.String("phase", next.phase.String()), slog.String("from", last.phase.String()), slog.Uint64("epoch", next.epoch),
		slog.String("mirror", next.settings.Mirror.String()), slog.Float64("compare", next.settings.Compare),
		slog.String("freeze", next.settings.Freeze.String()),
	}
	if next.settings.Fallback != phase.FallbackOff {
		attributes = append(attributes, slog.String("fallback", next.settings.Fallback.String()))
	}
	if next.divided {
		attributes = append(attributes, slog.Time("cutoff", next.settings.Cutoff))
	}
	m.config.Logger.LogAttrs(ctx, slog.LevelInfo, eventPhase, attributes...)
}

// logAcked logs that no call goes by an older epoch than current's any more, but at a command's beginning, as logPhase does.
func (f *follower) logAcked(current *state) {
	if f.acked > 0 || !process.Command() {
		f.m.config.Logger.LogAttrs(f.ctx, slog.LevelInfo, eventAcked, slog.String("phase", current.phase.String()), slog.Uint64("epoch", current.epoch))
	}
}

// mayLog says whether the method's turn has come, and how many events were left out since the last.
func (m *Method) mayLog(now time.Time) (suppressed int64, ok bool) {
	last := m.lastLog.Load()
	if last != 0 && now.UnixNano()-last < int64(logEvery) || !m.lastLog.CompareAndSwap(last, now.UnixNano()) {
		m.suppressed.Add(1)
		return 0, false
	}
	return m.suppressed.Swap(0), true
}

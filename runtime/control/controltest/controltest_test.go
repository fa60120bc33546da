package controltest_test

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/control/controltest"
)

func TestMemory(t *testing.T) {
	controltest.Run(t, func(*testing.T) control.Control { return control.NewMemory() })
}

func TestFile(t *testing.T) {
	controltest.Run(t, func(t *testing.T) control.Control {
		file, err := control.NewFile(filepath.Join(t.TempDir(), "control.json"))
		if err != nil {
			t.Fatal(err)
		}
		return file
	})
}

// broken is a control store that breaks one rule.
type broken struct {
	*control.Memory
	swap      func(expected uint64, next control.Record) (uint64, control.Record)
	renew     func(i control.Instance, ttl time.Duration) (control.Instance, time.Duration)
	instances func([]control.Instance) []control.Instance
	name      func(string) string
	leave     bool // Evict only lets leave
}

func (b *broken) Swap(ctx context.Context, expected uint64, next control.Record) error {
	if b.swap != nil {
		expected, next = b.swap(expected, next)
	}
	return b.Memory.Swap(ctx, expected, next)
}

func (b *broken) Renew(ctx context.Context, i control.Instance, ttl time.Duration) error {
	if b.renew != nil {
		i, ttl = b.renew(i, ttl)
	}
	return b.Memory.Renew(ctx, i, ttl)
}

func (b *broken) Instances(ctx context.Context) ([]control.Instance, error) {
	list, err := b.Memory.Instances(ctx)
	if b.instances != nil {
		list = b.instances(list)
	}
	return list, err
}

func (b *broken) SaveCheckpoint(ctx context.Context, name string, data []byte) error {
	if b.name != nil {
		name = b.name(name)
	}
	return b.Memory.SaveCheckpoint(ctx, name, data)
}

func (b *broken) LoadCheckpoint(ctx context.Context, name string) ([]byte, error) {
	if b.name != nil {
		name = b.name(name)
	}
	return b.Memory.LoadCheckpoint(ctx, name)
}

func (b *broken) Evict(ctx context.Context, id string) error {
	if b.leave {
		return b.Leave(ctx, id)
	}
	return b.Memory.Evict(ctx, id)
}

// The suite fails for every store that breaks a rule.
func TestSuiteFindsBrokenStores(t *testing.T) {
	for name, breakIt := range map[string]func(*broken){
		"swaps without comparing": func(b *broken) {
			b.swap = func(_ uint64, next control.Record) (uint64, control.Record) {
				record, _ := b.Load(context.Background())
				return record.Revision, next
			}
		},
		"forgets a field of the record": func(b *broken) {
			b.swap = func(expected uint64, next control.Record) (uint64, control.Record) {
				next.Crossed = false
				return expected, next
			}
		},
		"forgets a field of an instance": func(b *broken) {
			b.renew = func(i control.Instance, ttl time.Duration) (control.Instance, time.Duration) {
				i.KeepsLast = false
				return i, ttl
			}
		},
		"leases never end": func(b *broken) {
			b.instances = func(list []control.Instance) []control.Instance {
				for i := range list {
					list[i].Live = true
				}
				return list
			}
		},
		"lists the living only": func(b *broken) {
			b.instances = func(list []control.Instance) (living []control.Instance) {
				for _, i := range list {
					if i.Live {
						living = append(living, i)
					}
				}
				return living
			}
		},
		"evicts until the next renewal": func(b *broken) { b.leave = true },
		"one checkpoint for all names":  func(b *broken) { b.name = func(string) string { return "" } },
	} {
		t.Run(name, func(t *testing.T) {
			for _, c := range controltest.Cases() {
				b := &broken{Memory: control.NewMemory()}
				breakIt(b)
				if fails(c, b) {
					return
				}
			}
			t.Error("no part of the suite fails")
		})
	}
}

// recorder is a test that is expected to fail.
type recorder struct{ failed chan string }

func (r recorder) Helper()                           {}
func (r recorder) Errorf(format string, args ...any) { r.note(format, args...) }
func (r recorder) Fatalf(format string, args ...any) { r.note(format, args...); runtime.Goexit() }

func (r recorder) note(format string, args ...any) {
	select {
	case r.failed <- fmt.Sprintf(format, args...):
	default:
	}
}

func fails(c controltest.Case, store control.Control) bool {
	r := recorder{failed: make(chan string, 1)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.Check(r, store)
	}()
	select {
	case <-done:
	case <-r.failed:
		return true
	}
	return len(r.failed) > 0
}

package controltest

import (
	"errors"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
)

func evict(t TB, c control.Control) {
	must(t, c.Renew(ctx, control.Instance{ID: "a"}, long))
	must(t, c.Renew(ctx, control.Instance{ID: "b"}, long))
	must(t, c.Evict(ctx, "a"))
	if i, listed := find(t, c, "a"); !listed || !i.Live || !i.Evicted {
		t.Errorf("an instance that was evicted while its lease runs is not listed as such: got %+v", i)
	}
	if i, _ := find(t, c, "b"); i.Evicted {
		t.Errorf("another instance is said to be evicted")
	}
	for range 2 {
		if err := c.Renew(ctx, control.Instance{ID: "a"}, long); !errors.Is(err, control.ErrEvicted) {
			t.Errorf("an evicted instance renews its lease: got %v, want ErrEvicted", err)
		}
	}
	must(t, c.Leave(ctx, "a"))
	if _, listed := find(t, c, "a"); listed {
		t.Errorf("an evicted instance that left is listed")
	}
	must(t, c.Renew(ctx, control.Instance{ID: "late"}, -time.Second))
	must(t, c.Evict(ctx, "late"))
	if _, listed := find(t, c, "late"); listed {
		t.Errorf("an instance that was evicted after its lease ran out is listed")
	}
	if err := c.Renew(ctx, control.Instance{ID: "a"}, long); !errors.Is(err, control.ErrEvicted) {
		t.Errorf("an evicted instance that left renews its lease: got %v, want ErrEvicted", err)
	}
	must(t, c.Evict(ctx, "never seen"))
	if _, listed := find(t, c, "never seen"); listed {
		t.Errorf("an instance that was evicted before it registered is listed")
	}
	if err := c.Renew(ctx, control.Instance{ID: "never seen"}, long); !errors.Is(err, control.ErrEvicted) {
		t.Errorf("an instance evicted before it registered: got %v, want ErrEvicted", err)
	}
	must(t, c.Renew(ctx, control.Instance{ID: "b"}, long))
}

package backfill

import (
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
)

// A page takes about so long: then the marks of what was written meanwhile are few, and little is done again after a crash.
const pageTime = 5 * time.Second

// largest is the size of the largest page.
func largest(copier dual.Copier, config Config) int {
	if copier.CanPutMany() {
		return config.Chunk * max(config.Workers, 1)
	}
	return config.Chunk
}

// firstLimit is the size of the first page.
func (r *run) firstLimit() int {
	limit := largest(r.copier, r.config)
	if rate := r.pacer.Rate(); rate > 0 && !r.holder.hooks.Manual {
		limit = min(limit, int(rate*pageTime.Seconds()))
	}
	return max(limit, 1)
}

// adapt chooses the size of the next page by how long the last one took.
func (r *run) adapt(took time.Duration) {
	if r.holder.hooks.Manual {
		return
	}
	switch {
	case took > pageTime:
		r.limit = max(1, int(float64(r.limit)*pageTime.Seconds()/took.Seconds()))
	case took < pageTime/2:
		r.limit = min(2*r.limit, largest(r.copier, r.config))
	}
}

// batch is how many entities one call of the mirror takes: no more than a rate allows in half a second.
func (r *run) batch() int {
	if !r.copier.CanPutMany() {
		return 1
	}
	size := r.config.Chunk
	if rate := r.pacer.Rate(); rate > 0 {
		size = min(size, int(rate/2))
	}
	return max(size, 1)
}

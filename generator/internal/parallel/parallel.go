// Package parallel does things of one kind several at once.
package parallel

import (
	"cmp"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// Do calls do with 0 to n-1, as many at once as there are processors, and returns the error of the first that has one.
func Do(n int, do func(i int) error) error {
	errs := make([]error, n)
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		group.Go(func() error {
			errs[i] = do(i)
			return nil
		})
	}
	group.Wait()
	return cmp.Or(errs...)
}

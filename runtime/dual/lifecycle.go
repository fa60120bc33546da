package dual

import (
	"context"
	"errors"
)

// Both runs a lifecycle method on both stores, old first, and joins the errors. A panic in the old store does not keep
// the new one from being called.
func Both[R any](ctx context.Context, stores *[2]R, do func(ctx context.Context, store R) error) error {
	errs := [2]error{}
	func() {
		defer func() { errs[New] = do(ctx, stores[New]) }()
		errs[Old] = do(ctx, stores[Old])
	}()
	return errors.Join(errs[:]...)
}

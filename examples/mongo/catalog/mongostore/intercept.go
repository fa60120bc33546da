package mongostore

import "context"

// Interceptor runs around a call of the store: it has the effect by calling next. The key is empty for calls on many
// packages.
type Interceptor func(ctx context.Context, method, key string, next func(context.Context) error) error

// Intercept lets an interceptor run around every call from now on. It must not be called while the store is in use.
func (s *Store) Intercept(interceptor Interceptor) { s.interceptor = interceptor }

func (s *Store) call(ctx context.Context, method, key string, next func(context.Context) error) error {
	if s.interceptor == nil {
		return next(ctx)
	}
	return s.interceptor(ctx, method, key, next)
}

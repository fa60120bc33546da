package sessions

import (
	"context"

	"github.com/dualgen/dualgen/runtime/dual"
)

// Bring copies a session to the store that reads move to, unless it is there: as any call on it would. It does no harm to bring one twice.
func Bring(ctx context.Context, migration *dual.Migration, token string) error {
	_, err := dual.Bring(ctx, migration, sessionKey(token))
	return err
}

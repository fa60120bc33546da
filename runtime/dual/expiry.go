package dual

import "time"

// Expired reports whether a moment has come from which an entity is gone. The zero time never does. It is told by this process's clock, as
// stores tell it by theirs.
func Expired(at time.Time) bool { return !at.IsZero() && !at.After(time.Now()) }

// expired reports whether an entity is gone, though a store may hold it still.
func (c *copier[R, E]) expired(entity E) bool {
	return c.entity.Expires != nil && Expired(c.entity.Expires(entity))
}

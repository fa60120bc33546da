package journaltest

import "time"

// The journals of this package's own tests are in memory, and what the broken ones never do is not worth waiting for.
func init() { patience = 3 * time.Second }

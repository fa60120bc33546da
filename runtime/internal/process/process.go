// Package process says what this process is, to what it opens.
package process

import "sync/atomic"

var command atomic.Bool

// SetCommand says whether this process is a command beside the service.
func SetCommand(is bool) { command.Store(is) }

// Command reports whether this process is a command beside the service.
func Command() bool { return command.Load() }

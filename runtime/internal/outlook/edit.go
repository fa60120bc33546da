package outlook

import "github.com/dualgen/dualgen/runtime/phase"

// Edits are the changes of settings that have a name, in the command and in the console. Each changes its own settings alone.
var Edits = map[string]func(*phase.Settings){
	"stop":   func(s *phase.Settings) { s.Paused, s.Freeze = true, max(s.Freeze, phase.FreezeWrites) }, // writes are refused, and nothing is copied or compared
	"pause":  func(s *phase.Settings) { s.Paused = true },
	"resume": func(s *phase.Settings) { s.Paused = false },
	"thaw":   func(s *phase.Settings) { s.Freeze = phase.FreezeNone },
}

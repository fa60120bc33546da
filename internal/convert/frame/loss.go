package frame

import (
	"time"
)

// Loss is what the conversions of one field do not keep, so that comparators do not report it.
type Loss struct {
	Round   time.Duration // times are truncated to it
	Unit    time.Duration // the interface's number counts it, where a store has a time
	Coarse  time.Duration // in which a store keeps that time
	Set     bool          // order and repeated elements
	Json    bool          // the spelling of JSON
	Ignored bool          // one of the stores does not have the field
}

// Lose notes what the conversion of the field at a path does not keep.
func (p *Frame) Lose(path string, l Loss) {
	known := p.Lost[path]
	p.Lost[path] = Loss{
		Round: max(known.Round, l.Round), Unit: max(known.Unit, l.Unit), Coarse: max(known.Coarse, l.Coarse), Set: known.Set || l.Set, Json: known.Json || l.Json, Ignored: known.Ignored || l.Ignored,
	}
}

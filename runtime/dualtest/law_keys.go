package dualtest

import (
	"slices"

	"github.com/dualgen/dualgen/runtime/dual"
)

// keyring keeps the keys that a sequence has met: a glance looks at them, since not every kind can be listed.
type keyring struct {
	known   []dual.Key // the last ones
	dropped []dual.Key // those before them
	vague   []string   // kinds of which writes may have touched any key
}

// enoughKeys is how many keys a glance looks at.
const enoughKeys = 16

// meet adds a key. It reports whether that is one that the next glance would not have looked at.
func (k *keyring) meet(key dual.Key) bool {
	if !keyed(key) || slices.Contains(k.known, key) {
		return false
	}
	if len(k.known) == enoughKeys {
		k.dropped = append(k.dropped, k.known[0])
		k.known = k.known[1:]
	}
	k.known = append(k.known, key)
	return true
}

// overlooked reports whether a glance that did not look at a key may have missed an entity. The stores were empty when the sequence
// began: what it has not written is not there.
func (k *keyring) overlooked(key dual.Key) bool {
	return slices.Contains(k.dropped, key) || slices.Contains(k.vague, key.Kind) || slices.Contains(k.vague, "") // "": any kind
}

// keyed reports whether a key names one entity.
func keyed(key dual.Key) bool { return key != (dual.Key{}) && !key.Whole }

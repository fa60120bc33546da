package kind

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/plan"
)

// guards are first words of what coordinates and stores nothing.
var guards = []string{"lock", "unlock", "trylock", "rlock", "runlock"}

// changing are first words of writes that say too little for the table of verbs: what they change is open.
var changing = []string{
	"redact", "finalize", "tag", "untag", "prepare", "resync", "flush", "persist", "pause", "unpause", "resize", "hide", "show", "rate", "ban",
	"unban", "block", "unblock", "follow", "unfollow", "like", "unlike", "pin", "unpin", "star", "unstar", "vote", "replay", "confirm", "accept", "deliver", "compact", "borrow", "taint", "use",
}

// bySignature proposes what a method does whose name has no verb that is known: what is called as what it returns, and is handed no
// struct and no function, reads; a word that changes something writes. Of the rest nothing is likely.
func bySignature(in *model.Interface, m *model.Method) (Decision, bool) {
	first := strings.ToLower(firstWord(m.Name))
	d := Decision{}
	switch {
	case Callback(in, m) != nil, runsUnderContext(m), m.TakesOnce():
		return d, false
	case slices.Contains(guards, first):
		d.Kind = plan.Primary
	case slices.Contains(changing, first):
		d.Kind = plan.Write
	case returnsValue(m) && likeliest(m) == plan.Read && namesResult(m):
		d.Kind = plan.Read
	default:
		return d, false
	}
	return proposeKind(in, m, d, fmt.Sprintf("%q is no verb that is known", firstWord(m.Name))), true
}

// returnsValue reports whether a method returns a value that can have been read: not a function, nor a stream.
func returnsValue(m *model.Method) bool {
	return len(m.NonError()) > 0 && !slices.ContainsFunc(m.NonError(), func(i int) bool {
		_, function := m.Results[i].Type.Underlying().(*types.Signature)
		return function || shape.IsStream(m.Results[i].Type)
	})
}

// namesResult reports whether each word of a method's name is one of what it returns: Layers() []Layer.
func namesResult(m *model.Method) bool {
	var known []string
	for _, i := range m.NonError() {
		t := shape.ElementOf(m.Results[i].Type).Type
		if named, ok := types.Unalias(t).(*types.Named); ok {
			known = append(known, text.Camel(named.Obj().Name())...)
		}
	}
	return !slices.ContainsFunc(text.Camel(m.Name), func(word string) bool {
		return !slices.ContainsFunc(known, func(k string) bool {
			return strings.EqualFold(k, word) || strings.EqualFold(k+"s", word) || strings.EqualFold(k, text.Singular(word))
		})
	})
}

package kind

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// guards are first words of what coordinates and stores nothing.
var guards = []string{"lock", "unlock", "trylock", "rlock", "runlock"}

// changing are first words of writes that say too little for the table of verbs: what they change is open.
var changing = []string{
	"redact", "finalize", "copy", "acquire", "tag", "untag", "prepare", "resync", "flush", "persist", "pause", "unpause", "resize", "hide", "show", "rate", "ban",
	"bookmark", "unban", "block", "unblock", "follow", "unfollow", "like", "unlike", "pin", "unpin", "star", "unstar", "vote", "replay", "confirm", "accept", "deliver", "compact", "borrow", "taint", "use",
	"release", "terminate", "migrate", "upload", "mount", "unmount", "repair", "notify", "signal", "handle", "connect", "disconnect", "attempt", "rescue", "retry",
}

// again are first words of what changes what is stored, though it is handed nothing.
var again = []string{"resync", "compact", "repair", "replay", "pause", "unpause", "rebuild"}

// reading are first words of reads that say too little for the table of verbs: they look at something.
var reading = []string{"check", "verify", "authenticate", "authorize", "supports", "support", "diff", "compare", "serialize", "resolve", "head", "calculate", "compute", "estimate"}

// bySignature proposes what a method does whose name has no verb that is known. What is called as a noun and returns a value, and is
// handed nothing that it could store, reads; a word that changes something writes, and so does what returns nothing and is handed
// something. Of the rest nothing is likely.
func bySignature(in *model.Interface, m *model.Method) (Decision, bool) {
	first := strings.ToLower(firstWord(m.Name))
	why := fmt.Sprintf("%q is no verb that is known", firstWord(m.Name))
	reads := returnsValue(m) && likeliest(m) == plan.Read
	d := Decision{}
	switch {
	case Callback(in, m) != nil, runsUnderContext(m), m.TakesOnce(), handsOut(in, m):
		return d, false
	case slices.Contains(guards, first):
		d.Kind = plan.Primary
	case m.Error >= 0 && len(m.NonError()) == 0 && len(m.NonContext()) == 0 && !slices.Contains(again, first):
		d.Kind = plan.Lifecycle
		why += ", and it is handed nothing and returns nothing, as what makes a store ready is"
	case slices.Contains(changing, first) && (len(m.NonContext()) > 0 || !returnsStruct(m)):
		d.Kind = plan.Write
	case reads && slices.Contains(reading, first):
		d.Kind = plan.Read
		why += ", and it returns what it has found"
	case reads && saysWhether(m):
		d.Kind = plan.Read
		why += ", and it says whether something is so"
	case reads && isNoun(in, m):
		d.Kind = plan.Read
		why += ", and it is called as what it returns"
	case onlyFails(m) && !slices.Contains(judging, first) && !saysWhether(m) && !isNoun(in, m):
		d.Kind = plan.Write
		why += ", and it returns nothing that was read"
	default:
		return d, false
	}
	return proposeKind(in, m, d, why), true
}

// saysWhether reports whether a name ends with a word for a state, of which a method may say by its error whether it is so.
func saysWhether(m *model.Method) bool {
	words := text.Camel(m.Name)
	return slices.Contains([]string{"valid", "allowed", "permitted", "available", "exists", "blocked", "enabled", "supported"}, strings.ToLower(words[len(words)-1]))
}

// judging are first words of what says no by an error, and may store nothing.
var judging = []string{"check", "verify", "authenticate", "authorize", "ensure", "assert", "require", "validate", "can", "supports", "decode", "encode", "visit", "execute"}

// handsOut reports whether a method returns what has methods of its own that write, or a channel.
func handsOut(in *model.Interface, m *model.Method) bool {
	return slices.ContainsFunc(m.NonError(), func(i int) bool {
		t := shape.ElementOf(m.Results[i].Type).Type
		iface, ok := t.Underlying().(*types.Interface)
		_, channel := t.Underlying().(*types.Chan)
		return channel || ok && iface.NumMethods() > 0 && (writingMethod(in, t) != "" || in.IsItself(t) || hasChannel(iface))
	})
}

// hasChannel reports whether a method of an interface returns a channel.
func hasChannel(iface *types.Interface) bool {
	for f := range iface.Methods() {
		for r := range f.Signature().Results().Variables() {
			if _, ok := r.Type().Underlying().(*types.Chan); ok {
				return true
			}
		}
	}
	return false
}

// onlyFails reports whether a method is handed values, none of which it could fill in, and returns an error and nothing else.
func onlyFails(m *model.Method) bool {
	return m.Error >= 0 && len(m.NonError()) == 0 && len(m.Required()) > 0 && !slices.ContainsFunc(m.NonContext(), func(i int) bool {
		switch t := m.Params[i].Type.Underlying().(type) {
		case *types.Interface:
			return t.NumMethods() == 0
		case *types.Slice:
			named, _ := shape.NamedStruct(shape.ElementOf(t).Type)
			return named != nil // it may fill in what the list has
		}
		return false
	})
}

// isNoun reports whether a method is called as a noun: by what is behind a By or a For, by a word of what it returns or of what
// the interface stores, or because it takes nothing and its name ends as nouns do.
func isNoun(in *model.Interface, m *model.Method) bool {
	words := text.Camel(m.Name)
	clause := slices.IndexFunc(words, func(word string) bool { return slices.Contains(prepositions, strings.ToLower(word)) })
	first := strings.ToLower(words[0])
	return clause >= 0 && clause < len(words)-1 && (clause > 0 || first == "by" || first == "from") && !slices.Contains(judging, first) && !isVerbal(words[0]) ||
		namesResult(m) && !slices.ContainsFunc(words, isVerbal) || namesKnown(in, m) || endsAsNoun(words) || len(m.NonContext()) == 0 && !isVerbal(words[0])
}

// nounEndings are endings of last words that are nouns, and nounEnds such words.
var (
	nounEndings = []string{"tory", "ence", "ance", "ality", "ility", "data", "names"}
	nounEnds    = []string{"index", "root", "path", "dir", "target", "size", "type", "version", "status", "stats", "info", "map", "list", "children", "privilege", "url"}
)

// endsAsNoun reports whether a name has no word that may be a verb, and ends as nouns do: in the plural, or with a word that is
// none but a noun.
func endsAsNoun(words []string) bool {
	last := strings.ToLower(words[len(words)-1])
	if slices.ContainsFunc(words, isVerbal) {
		return false
	}
	plural := len(last) > 3 && strings.HasSuffix(last, "s") && !strings.HasSuffix(last, "ss") && !strings.HasSuffix(last, "us")
	return plural || slices.Contains(nounEnds, last) || slices.ContainsFunc(nounEndings, func(end string) bool { return strings.HasSuffix(last, end) })
}

// prepositions stand behind a noun and say of what it is, or by what it is found.
var prepositions = []string{"by", "for", "of", "from", "with", "in"}

// verbal are first words that may do something, whatever stands behind them.
var verbal = []string{
	"acquire", "release", "lock", "unlock", "exec", "execute", "run", "try", "attempt", "begin", "start", "stop", "open", "close", "watch", "mount", "unmount", "rescue",
	"resign", "elect", "next", "advance", "allocate", "reserve", "generate", "gen", "make", "build", "mint", "issue", "sign", "send", "notify", "handle", "process",
	"dispatch", "migrate", "init", "wait", "poll", "receive", "recv", "fork", "clone", "copy", "swap", "exchange", "settle", "charge", "pay", "book", "order", "submit", "request",
	"terminate", "abort", "kill", "signal", "trigger", "schedule", "plan", "retry", "repair", "rebuild", "reindex", "refresh", "reload", "checkpoint", "snapshot", "upload", "download",
	"join", "leave", "connect", "disconnect", "login", "logout", "authorize", "validate", "ensure", "invite", "elevate", "fold", "flip", "step", "tick", "close", "seal", "unseal",
}

// isVerbal reports whether a word may say that something is done.
func isVerbal(word string) bool {
	return slices.Contains(verbal, strings.ToLower(word)) || slices.Contains(changing, strings.ToLower(word))
}

// namesKnown reports whether a method's name begins with the name of a struct that the interface stores or returns, in the singular
// or the plural, and goes on with nothing that may be a verb: LayersByDigest, ContainerDirectory.
func namesKnown(in *model.Interface, m *model.Method) bool {
	words := text.Camel(m.Name)
	if slices.ContainsFunc(words, isVerbal) {
		return false
	}
	for _, other := range in.Methods {
		for _, t := range other.Mentioned() {
			named, _ := shape.NamedStruct(t)
			if named == nil {
				continue
			}
			n := len(text.Camel(named.Obj().Name()))
			said := strings.Join(words[:min(n, len(words))], "")
			if text.SameName(said, named.Obj().Name()) || text.SameName(text.Singular(said), named.Obj().Name()) {
				return true
			}
		}
	}
	return false
}

// returnsStruct reports whether a method returns a struct, or a list of them.
func returnsStruct(m *model.Method) bool {
	return slices.ContainsFunc(m.NonError(), func(i int) bool {
		named, _ := shape.NamedStruct(shape.ElementOf(m.Results[i].Type).Type)
		return named != nil
	})
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

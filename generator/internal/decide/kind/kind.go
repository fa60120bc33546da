// Package kind decides what each method does: whether it reads, writes, runs a transaction, or belongs to the life of a store.
package kind

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/internal/verb"
	"github.com/dualgen/dualgen/internal/plan"
)

// Decision is what a method does.
type Decision struct {
	Kind    plan.Kind
	Delete  bool // a write that removes
	Trait   verb.Trait
	Level   model.Level
	Reasons []string
}

// Decide says what a method does: by directive, else by its verb, where nothing speaks against it. Of a method that it asks
// about it returns the likeliest kind, so that later stages can go on.
func Decide(in *model.Interface, m *model.Method) Decision {
	r := m.Words
	switch {
	case m.Said.Kind != nil:
		d := Decision{Kind: m.Said.Kind.Kind, Delete: m.Said.Kind.Deletes, Level: model.Stated}
		d.Trait = statedTrait(r, d)
		d.because("%s, by directive.", Word(d.Kind, d.Delete))
		return d
	case isTransaction(in, m):
		d := Decision{Kind: plan.Transaction, Level: model.Certain}
		d.because("Transaction, by its name.")
		return d
	case !r.Known() && ListsFor(in, m) != "":
		d := Decision{Kind: plan.Read, Level: model.Certain}
		d.because("Read, because it lists keys for %s.", ListsFor(in, m))
		return d
	case makesNumber(in, m) != "":
		return proposeKind(in, m, Decision{Kind: plan.Primary}, makesNumber(in, m))
	case m.Said.Bad: // what its directive meant isn't known, and was reported
		return Decision{Kind: likeliest(m), Level: model.Asked}
	case handlesTransaction(m) || returnsTransaction(m):
		refuseHandle(in, m)
		return Decision{Kind: plan.Primary, Level: model.Asked}
	case r.Known() && r.Kind == plan.Lifecycle && len(m.NonError()) > 0 && len(m.NonContext()) > 0 && likeliest(m) == plan.Read && !m.TakesOnce():
		return proposeKind(in, m, Decision{Kind: plan.Read}, fmt.Sprintf("%s is of the life of a store, and returns something for what it is handed", m.Name))
	case !r.Known() && !r.Twice && r.Verb == "":
		if d, ok := bySignature(in, m); ok {
			return d
		}
		askUnknown(in, m)
		return Decision{Kind: likeliest(m), Level: model.Asked}
	case !r.Known():
		askUnknown(in, m)
		return Decision{Kind: likeliest(m), Level: model.Asked}
	}
	d := Decision{Kind: r.Kind, Trait: r.Trait, Delete: r.Kind == plan.Write && r.Trait == verb.Removes, Level: model.Certain}
	d.because("%s, by its name.", Word(d.Kind, d.Delete))
	for _, doubt := range Doubts {
		if doubt.Of != d.Kind {
			continue
		}
		if why := doubt.why(in, m); why != "" {
			return doubt.settle(in, m, d, why)
		}
	}
	return d
}

// ReadsByName reports whether a method has the name of a read, and is asked about: nothing that it touches must be copied yet.
func ReadsByName(m *model.Method) bool {
	return m.Levels.Kind == model.Asked && m.Words.Known() && m.Words.Kind == plan.Read
}

// because adds a reason.
func (d *Decision) because(format string, args ...any) {
	d.Reasons = append(d.Reasons, fmt.Sprintf(format, args...))
}

// statedTrait keeps what the verb says of a write only where the directive agrees that it is one.
func statedTrait(r verb.Reading, d Decision) verb.Trait {
	switch {
	case d.Delete:
		return verb.Removes
	case r.Kind != plan.Write || r.Trait == verb.Removes || d.Kind != plan.Write:
		return verb.Plain
	}
	return r.Trait
}

// likeliest is the kind of a method whose name decides nothing: what returns something and isn't handed a struct or a
// function reads.
func likeliest(m *model.Method) plan.Kind {
	if len(m.NonError()) == 0 || m.TakesOnce() {
		return plan.Write
	}
	for _, i := range m.NonContext() {
		if named, _ := shape.NamedStruct(shape.ElementOf(m.Params[i].Type).Type); named != nil && !shape.IsCarrier(named.Obj().Name()) {
			return plan.Write
		}
	}
	return plan.Read
}

// Word is a kind as a reason begins with it.
func Word(kind plan.Kind, deletes bool) string {
	switch {
	case kind == plan.Read:
		return "Read"
	case kind == plan.Write && deletes:
		return "Delete"
	case kind == plan.Write:
		return "Write"
	case kind == plan.Lifecycle:
		return "Lifecycle"
	case kind == plan.Transaction:
		return "Transaction"
	}
	return "Primary only"
}

// ListsFor is the write whose directive says that a method lists its keys, or "".
func ListsFor(in *model.Interface, m *model.Method) string {
	for _, other := range in.Methods {
		if said := other.Said.Key; said != nil && said.Form == plan.KeyListed && said.Parts[0].Text == m.Name && other != m {
			return other.Name
		}
	}
	return ""
}

// askUnknown asks what a method does whose name decides nothing.
func askUnknown(in *model.Interface, m *model.Method) {
	why := fmt.Sprintf("%q decides nothing", firstWord(m.Name))
	if m.Words.Twice {
		why = "its name says two things"
	}
	switch {
	case Callback(in, m) != nil:
		in.AskFor(m, nil, "write "+m.Directive("transaction")+" "+m.Place()+", if it runs the function in a transaction",
			"cannot tell what %s does with a function over %s: %s", m.Name, in.Object.Name(), why)
	case runsUnderContext(m):
		in.AskFor(m, []string{"write"}, "if it runs it in a transaction, let the function be given what it writes through: "+transactionForm(in)+
			"\nwrite "+m.Directive("primary")+" "+m.Place()+" if it runs it under a lock, say, and nothing is written in a transaction",
			"cannot tell what %s does with a function: if that is a transaction in the context, the mirror would have what is written in it before it ends", m.Name)
	default:
		in.AskFor(m, kindAnswers(likeliest(m)), chooseKind(m), "cannot tell whether %s reads or writes: %s", m.Name, why)
	}
}

// chooseKind lists the directives of which one says what a method does.
func chooseKind(m *model.Method) string {
	return m.Choose(m.Directive("read"), m.Directive("write"), m.Directive("delete"), m.Directive("lifecycle"), m.Directive("primary"))
}

// kindAnswers are the words of the directives of which one says what a method does, the likeliest first. What belongs to the life of a
// store, or to the primary alone, needs no other word.
func kindAnswers(likely plan.Kind) []string {
	if likely == plan.Write {
		return []string{"write", "delete", "read"}
	}
	return []string{"read", "write", "delete"}
}

// firstWord is the first word of a name.
func firstWord(name string) string {
	if words := text.Camel(name); len(words) > 0 {
		return words[0]
	}
	return name
}

// Callback is a method's parameter that is a function over the repository itself, func(Users) error, maybe with a context
// before it; nil if there is none.
func Callback(in *model.Interface, m *model.Method) *plan.Callback {
	for i, p := range m.Params {
		sig, ok := p.Type.Underlying().(*types.Signature)
		if !ok {
			continue
		}
		c := &plan.Callback{Param: i, Context: -1, Repository: -1}
		for n := range sig.Params().Len() {
			switch t := sig.Params().At(n).Type(); {
			case shape.IsContext(t):
				c.Context = n
			case in.IsItself(t):
				c.Repository = n
			}
		}
		if c.Repository >= 0 {
			return c
		}
	}
	return nil
}

// transactionWords name what runs a transaction.
var transactionWords = []string{"tx", "txn", "transaction", "transact", "transactional", "transactionally", "atomic", "atomically"}

// isTransaction reports whether a method says by its name and by its signature that it runs a transaction: InTx(ctx, func(Users)
// error) error.
func isTransaction(in *model.Interface, m *model.Method) bool {
	said := slices.ContainsFunc(text.Camel(m.Name), func(word string) bool { return slices.Contains(transactionWords, strings.ToLower(word)) })
	return said && Callback(in, m) != nil
}

// handlesTransaction reports whether a method begins or ends a transaction by its name, and so spreads it over several calls.
func handlesTransaction(m *model.Method) bool {
	words := text.Camel(m.Name)
	if len(words) == 0 || len(words) > 2 || len(m.NonContext()) > 0 || !slices.Contains([]string{"begin", "commit", "rollback", "abort"}, strings.ToLower(words[0])) {
		return false
	}
	return len(words) == 1 || slices.Contains(transactionWords, strings.ToLower(words[1]))
}

// returnsTransaction reports whether a method hands out a struct that ends a transaction, as a *sql.Tx does.
func returnsTransaction(m *model.Method) bool {
	return slices.ContainsFunc(m.NonError(), func(i int) bool { return shape.EndsTransaction(shape.ElementOf(m.Results[i].Type).Type) })
}

// refuseHandle refuses a transaction that is spread over several calls.
func refuseHandle(in *model.Interface, m *model.Method) {
	in.Ask(m, "let one method run it: "+transactionForm(in)+", with //dualgen:transaction above it; the stores' own may begin and commit in it"+
		"\nor write "+m.Directive("primary")+" "+m.Place()+", if nothing of this interface is written in such a transaction",
		"%s begins or ends a transaction that lasts over several calls: the mirror would have what is written in it before it ends, or what is rolled back", m.Name)
}

// transactionForm is how a transaction is written.
func transactionForm(in *model.Interface) string {
	return fmt.Sprintf("InTx(ctx context.Context, f func(%s) error) error", in.Object.Name())
}

// runsUnderContext reports whether a method is given a function of a context alone: what that writes may be part of a transaction
// that travels in the context.
func runsUnderContext(m *model.Method) bool {
	return slices.ContainsFunc(m.Params, func(p *plan.Param) bool {
		sig, ok := p.Type.Underlying().(*types.Signature)
		return ok && sig.Params().Len() == 1 && shape.IsContext(sig.Params().At(0).Type()) &&
			sig.Results().Len() == 1 && shape.IsError(sig.Results().At(0).Type())
	})
}

package generator

import (
	"fmt"
	"go/types"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/plan"
)

// decideKinds says of each method whether it reads or writes: by directive, else by its verb, else not at all.
func (b *builder) decideKinds() {
	for _, d := range b.methods {
		d.rule, d.verb, d.ok = classifyVerb(d.Name)
		switch {
		case d.said.Kind != nil:
			d.Kind, d.Delete = d.said.Kind.Kind, d.said.Kind.Deletes
			d.adoptTrait()
			d.because("%s, by directive.", kindWord(d.Method))
		case b.isTransaction(d):
			d.Kind = plan.Transaction
			d.because("Transaction, by its name.")
		case !d.ok && b.listsFor(d) != "":
			d.Kind = plan.Read
			d.because("Read, because it lists keys for %s.", b.listsFor(d))
		case !d.ok:
			b.reportAmbiguous(d)
			continue
		default:
			d.Kind, d.Delete = d.rule.kind, d.rule.trait == removes
			d.because("%s, by its name.", kindWord(d.Method))
		}
		b.checkKind(d)
		b.checkEscapes(d)
		b.checkHandles(d)
	}
	b.checkPeeks()
}

// checkPeeks reports a Get beside a Peek of the same signature: where one only looks, the other may do more.
func (b *builder) checkPeeks() {
	for _, peek := range b.methods {
		if peek.verb != "Peek" {
			continue
		}
		for _, d := range b.methods {
			if d.Kind != plan.Read || d.said.Kind != nil || d == peek || !text.SameName(strings.Join(d.noun(), ""), strings.Join(peek.noun(), "")) ||
				!types.Identical(d.Sig, peek.Sig) {
				continue
			}
			b.ask(d, "write //dualgen:read or //dualgen:write above it",
				"cannot tell whether %s reads or writes: %s has the same signature, and only looks", d.Name, peek.Name)
		}
	}
}

// adoptTrait keeps what the verb says of a write only where the directive agrees that it is one.
func (d *decision) adoptTrait() {
	switch {
	case d.Delete:
		d.rule.trait = removes
	case d.rule.kind != plan.Write || d.rule.trait == removes:
		d.rule.trait = plain
	}
}

// kindWord is a kind as a reason begins with it.
func kindWord(m *plan.Method) string {
	switch {
	case m.Kind == plan.Read:
		return "Read"
	case m.Kind == plan.Write && m.Delete:
		return "Delete"
	case m.Kind == plan.Write:
		return "Write"
	case m.Kind == plan.Lifecycle:
		return "Lifecycle"
	case m.Kind == plan.Transaction:
		return "Transaction"
	}
	return "Primary only"
}

// reportAmbiguous asks for a directive.
func (b *builder) reportAmbiguous(d *decision) {
	if d.said.Bad {
		return // what its directive meant is not known
	}
	first := d.Name
	if words := text.Camel(d.Name); len(words) > 0 {
		first = words[0]
	}
	why := fmt.Sprintf("%q decides nothing", first)
	if d.verb != "" && d.rule.kind == plan.Read {
		why = "its name says two things"
	}
	if b.callbackOf(d) != nil {
		b.ask(d, "write //dualgen:transaction above it, if it runs the function in a transaction",
			"cannot tell what %s does with a function over %s: %s", d.Name, b.object.Name(), why)
		return
	}
	if d.runsUnderContext() {
		b.ask(d, "if it runs it in a transaction, let the function be given what it writes through: "+b.transactionForm()+
			"\nwrite //dualgen:primary above it if it runs it under a lock, say, and nothing is written in a transaction",
			"cannot tell what %s does with a function: if that is a transaction in the context, the mirror would have what is written in it before it ends", d.Name)
		return
	}
	b.ask(d, "write one of these above it:\n//dualgen:read\n//dualgen:write\n//dualgen:delete\n//dualgen:lifecycle\n//dualgen:primary",
		"cannot tell whether %s reads or writes: %s", d.Name, why)
}

// checkKind refuses a kind that the signature cannot have.
func (b *builder) checkKind(d *decision) {
	switch d.Kind {
	case plan.Lifecycle:
		if len(d.nonContext()) > 0 || len(d.nonError()) > 0 {
			b.ask(d, "say what it is: //dualgen:read, //dualgen:write, //dualgen:delete or //dualgen:primary",
				"%s has parameters or results: a lifecycle method is called on both stores, and only its errors are joined", d.Name)
		}
	case plan.Transaction:
		b.checkTransaction(d)
	case plan.Read:
		b.checkRead(d)
	case plan.Write:
		if d.said.Kind == nil && len(d.nonContext()) == 0 && len(d.nonError()) > 0 && d.Error < 0 {
			b.ask(d, "write //dualgen:read or //dualgen:write above it",
				"%s has the name of a write, but takes nothing and returns no error", d.Name)
		}
	}
	if d.Kind != plan.Transaction && b.callbackOf(d) != nil {
		b.ask(d, "write //dualgen:transaction above it, or leave the method out of the interface",
			"%s hands %s itself to a function: writes through it would not be mirrored", d.Name, b.object.Name())
	}
	if d.Kind != plan.Read && d.said.Compare != nil {
		b.reports.Addf(d.said.Compare.Pos, "drop it, or write //dualgen:read above the method",
			"//dualgen:compare speaks of a read, but %s is not one", d.Name)
	}
	if d.Kind != plan.Write && d.said.Mirror != nil {
		b.reports.Addf(d.said.Mirror.Pos, "drop it, or write //dualgen:write above the method",
			"//dualgen:mirror speaks of a write, but %s is not one", d.Name)
	}
}

// checkRead refuses a read that has no way to tell what it read.
func (b *builder) checkRead(d *decision) {
	if len(d.nonError()) > 0 || d.said.Kind != nil {
		return
	}
	for _, i := range d.nonContext() {
		switch u := d.Params[i].Type.Underlying().(type) {
		case *types.Pointer, *types.Signature, *types.Interface:
			_ = u
			return
		}
	}
	b.ask(d, "write //dualgen:read, //dualgen:write or //dualgen:lifecycle above it",
		"%s has the name of a read, but returns nothing that was read", d.Name)
}

// noun is what a method's name says after its verb.
func (d *decision) noun() []string {
	words := text.Camel(d.Name)
	for n := range words {
		if strings.Join(words[:n+1], "") == d.verb {
			return words[n+1:]
		}
	}
	if len(words) > 0 {
		return words[1:]
	}
	return nil
}

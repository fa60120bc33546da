// Package family tells methods that hand out a part of a store, as a repository of its own or a transaction in a context: no wrapper can
// serve them as they are, and there is a form that it can serve.
package family

import (
	"fmt"
	"go/types"

	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/verb"
	"github.com/dualgen/dualgen/generator/plan"
)

// Refusal says why a method of an interface cannot be wrapped, and what to write instead. What is "" where nothing is in the way.
func Refusal(repository, method string, sig *types.Signature) (what, remedy string) {
	results := sig.Results()
	handed := 0
	for v := range results.Variables() {
		if !shape.IsError(v.Type()) {
			handed++
		}
	}
	if handed != 1 || shape.IsError(results.At(0).Type()) {
		return "", ""
	}
	t := results.At(0).Type()
	switch {
	case shape.IsContext(t):
		return fmt.Sprintf("%s begins or ends a transaction that lasts over several calls: the mirror would have what is written in it before it ends, or what is rolled back", method),
			fmt.Sprintf("let one method run it: InTx(ctx context.Context, f func(%s) error) error, with //dualgen:transaction above it; the stores' own may begin and commit in it\n"+
				"or write //dualgen:primary above it, if nothing of this interface is written in such a transaction", repository)
	case !isRepository(t):
		return "", ""
	case takesMore(sig):
		return fmt.Sprintf("%s makes a %s for its arguments, a repository of its own: what is written through it would not be mirrored", method, name(t)),
			fmt.Sprintf("give the methods of %[1]s these arguments, as parts of their keys, and wrap %[1]s by a //go:generate line of its own\nthen leave %[2]s out of %[3]s", name(t), method, repository)
	}
	return fmt.Sprintf("%s returns %s, a repository of its own: what is written through it would not be mirrored", method, name(t)),
		fmt.Sprintf("wrap %[1]s by a //go:generate line of its own above it, and leave %[2]s out of %[3]s\nlet the program make NewDual%[1]s(old.%[2]s(), new.%[2]s(), migration) once, of the same migration, and hand that out in its place",
			name(t), method, repository)
}

// isRepository reports whether a type is an interface, with a name, through which entities are read and written.
func isRepository(t types.Type) bool {
	if _, named := types.Unalias(t).(*types.Named); !named {
		return false
	}
	iface, ok := t.Underlying().(*types.Interface)
	if !ok {
		return false
	}
	reads, writes := false, false
	for f := range iface.Methods() {
		results := f.Signature().Results()
		if results.Len() == 0 || !shape.IsError(results.At(results.Len()-1).Type()) {
			continue // of a value in memory
		}
		r := verb.Read(f.Name(), nil)
		reads = reads || r.Known() && r.Kind == plan.Read
		writes = writes || r.Known() && r.Kind == plan.Write
	}
	return reads && writes
}

// takesMore reports whether a method has parameters beside a context.
func takesMore(sig *types.Signature) bool {
	for v := range sig.Params().Variables() {
		if !shape.IsContext(v.Type()) {
			return true
		}
	}
	return false
}

// name is the name of an interface, without its package.
func name(t types.Type) string { return types.Unalias(t).(*types.Named).Obj().Name() }

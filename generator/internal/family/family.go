// Package family tells methods that hand out a part of a store, as a repository of its own or a transaction in a context: in one form
// the wrapper hands out the wrapper of the part, and in the others it cannot serve them.
package family

import (
	"fmt"
	"go/types"

	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/internal/verb"
	"github.com/dualgen/dualgen/internal/plan"
)

// HandsOut is the interface that a method hands out in the form that a wrapper can serve, Users() UserStore; nil for any other method.
func HandsOut(sig *types.Signature) *types.TypeName {
	if sig.Params().Len() != 0 || sig.Results().Len() != 1 {
		return nil
	}
	return interfaceName(sig.Results().At(0).Type())
}

// interfaceName is the name of a type that is an interface, and not that of an error, a context, or everything; nil for any other.
func interfaceName(t types.Type) *types.TypeName {
	named, ok := t.(interface{ Obj() *types.TypeName }) // an alias keeps its own name
	iface, is := t.Underlying().(*types.Interface)
	if !ok || !is || iface.NumMethods() == 0 || shape.IsError(t) || shape.IsContext(t) {
		return nil
	}
	if _, param := t.(*types.TypeParam); param {
		return nil
	}
	return named.Obj()
}

// Refusal says why a method of an interface cannot be wrapped, and what to write instead. What is "" where nothing is in the way.
// wrapped reports whether a wrapper of an interface is asked for: then it is a repository, whatever its methods are called.
func Refusal(repository, method string, sig *types.Signature, wrapped func(*types.TypeName) bool) (what, remedy string) {
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
	if shape.IsContext(t) {
		return fmt.Sprintf("%s begins or ends a transaction that lasts over several calls: the mirror would have what is written in it before it ends, or what is rolled back", method),
			fmt.Sprintf("let one method run it: InTx(ctx context.Context, f func(%s) error) error, with //dualgen:transaction above it; the stores' own may begin and commit in it\n"+
				"or write //dualgen:primary above it, if nothing of this interface is written in such a transaction", repository)
	}
	name := interfaceName(t)
	if name == nil || !IsRepository(t) && !wrapped(name) {
		return "", ""
	}
	return refuseHanding(repository, method, name.Name(), sig)
}

// refuseHanding says why a repository that is handed out in this form cannot be wrapped; "" for the form that can.
func refuseHanding(repository, method, handed string, sig *types.Signature) (what, remedy string) {
	given := sig.Params().Len()
	switch {
	case takesMore(sig):
		return fmt.Sprintf("%s makes %s for its arguments, a repository of its own: what is written through it would not be mirrored", method, text.A(handed)),
			fmt.Sprintf("give the methods of %[1]s these arguments, as parts of their keys\nand let the method take nothing, %[2]s() %[1]s, or leave it out of %[3]s", handed, method, repository)
	case given > 0:
		return fmt.Sprintf("%s makes %s of a context, and the wrapper hands one out that was made before there was a call", method, text.A(handed)),
			fmt.Sprintf("let it take nothing, %[2]s() %[1]s: the methods of %[1]s take the context", handed, method)
	case sig.Results().Len() > 1:
		return fmt.Sprintf("%s may fail, and the wrapper hands a %s out that was made before there was a call", method, handed),
			fmt.Sprintf("let it return no error, %[2]s() %[1]s: a store opens what it hands out when it is opened itself", handed, method)
	}
	return "", ""
}

// IsRepository reports whether a type is an interface, with a name, through which entities are read and written.
func IsRepository(t types.Type) bool {
	if interfaceName(t) == nil {
		return false
	}
	reads, writes := false, false
	for f := range t.Underlying().(*types.Interface).Methods() {
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

package copier

import (
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// scanForm is one shape of a listing method.
type scanForm struct {
	form plan.ScanForm
	is   func(m *model.Method, e *model.Entity) (pointer, ok bool)
}

// scanForms are tried in order: what pages stands before what lists everything at once.
var scanForms = []scanForm{
	{plan.ScanCursor, scansByCursor},
	{plan.ScanAfterKey, scansAfterKey},
	{plan.ScanSeq, scansSeq},
	{plan.ScanEach, scansEach},
	{plan.ScanAll, scansAll},
	{plan.ScanMap, scansMap},
	{plan.ScanKeys, scansKeys},
}

// listOf reports whether a method returns a slice of entities as the first of so many results besides the error.
func listOf(m *model.Method, e *model.Entity, results int) (pointer, ok bool) {
	list := m.NonError()
	if len(list) != results || m.Error < 0 {
		return false, false
	}
	slice, ok := m.Results[list[0]].Type.Underlying().(*types.Slice)
	if !ok {
		return false, false
	}
	elem, pointer := shape.Deref(slice.Elem())
	return pointer, types.Identical(elem, e.Type)
}

// scansAll: (ctx) ([]E, error).
func scansAll(m *model.Method, e *model.Entity) (pointer, ok bool) {
	if len(m.NonContext()) != 0 {
		return false, false
	}
	return listOf(m, e, 1)
}

// scansByCursor: (ctx, cursor string, limit int) ([]E, string, error).
func scansByCursor(m *model.Method, e *model.Entity) (pointer, ok bool) {
	args := m.NonContext()
	if len(args) != 2 || !shape.IsKind(m.Params[args[0]].Type, types.String) || !shape.IsKind(m.Params[args[1]].Type, types.Int) {
		return false, false
	}
	if !slices.Contains([]string{"cursor", "token", "pagetoken", "after", "from", "start"}, text.BareName(m.NameOf(args[0]))) {
		return false, false
	}
	if results := m.NonError(); len(results) != 2 || !shape.IsKind(m.Results[results[1]].Type, types.String) {
		return false, false
	}
	return listOf(m, e, 2)
}

// scansAfterKey: (ctx, after K…, limit int) ([]E, error).
func scansAfterKey(m *model.Method, e *model.Entity) (pointer, ok bool) {
	args := m.NonContext()
	if len(e.Parts) == 0 || len(args) != len(e.Parts)+1 || !shape.IsKind(m.Params[args[len(args)-1]].Type, types.Int) {
		return false, false
	}
	for n, part := range e.Parts {
		p := m.Params[args[n]]
		if !types.Identical(p.Type, part.Type) || !strings.HasPrefix(text.BareName(p.Said), "after") {
			return false, false
		}
	}
	return listOf(m, e, 1)
}

// scansSeq: (ctx) iter.Seq2[E, error].
func scansSeq(m *model.Method, e *model.Entity) (pointer, ok bool) {
	if len(m.NonContext()) != 0 || len(m.Results) != 1 {
		return false, false
	}
	named, ok := types.Unalias(m.Results[0].Type).(*types.Named)
	if !ok || !shape.IsNamed(named, "iter", "Seq2") || !shape.IsError(named.TypeArgs().At(1)) {
		return false, false
	}
	elem, pointer := shape.Deref(named.TypeArgs().At(0))
	return pointer, types.Identical(elem, e.Type)
}

// scansEach: (ctx, func(E) error) error.
func scansEach(m *model.Method, e *model.Entity) (pointer, ok bool) {
	args := m.NonContext()
	if len(args) != 1 || len(m.NonError()) != 0 || m.Error < 0 {
		return false, false
	}
	sig, ok := m.Params[args[0]].Type.Underlying().(*types.Signature)
	if !ok || sig.Params().Len() != 1 || sig.Results().Len() != 1 || !shape.IsError(sig.Results().At(0).Type()) {
		return false, false
	}
	elem, pointer := shape.Deref(sig.Params().At(0).Type())
	return pointer, types.Identical(elem, e.Type)
}

// scansMap: (ctx) (map[K]V, error), of values beside their keys.
func scansMap(m *model.Method, e *model.Entity) (pointer, ok bool) {
	list := m.NonError()
	if e.Beside == nil || len(e.Parts) != 1 || len(m.NonContext()) != 0 || len(list) != 1 || m.Error < 0 {
		return false, false
	}
	t, ok := m.Results[list[0]].Type.Underlying().(*types.Map)
	if !ok || !types.Identical(t.Key(), e.Parts[0].Type) {
		return false, false
	}
	elem, pointer := shape.Deref(t.Elem())
	return pointer, types.Identical(elem, e.Beside)
}

// scansKeys: (ctx) ([]K, error), of values beside their keys. Where the keys have no type of their own, the name must say so.
func scansKeys(m *model.Method, e *model.Entity) (pointer, ok bool) {
	list := m.NonError()
	if e.Beside == nil || len(e.Parts) != 1 || len(m.NonContext()) != 0 || len(list) != 1 || m.Error < 0 {
		return false, false
	}
	slice, ok := m.Results[list[0]].Type.Underlying().(*types.Slice)
	words := text.Camel(m.Name)
	named := slices.Contains(keyNouns, strings.ToLower(words[len(words)-1]))
	return false, ok && types.Identical(slice.Elem(), e.Parts[0].Type) &&
		(named || !shape.IsBasic(slice.Elem()) && !types.Identical(slice.Elem(), e.Beside))
}

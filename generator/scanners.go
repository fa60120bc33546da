package generator

import (
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/plan"
)

// scanForm is one shape of a listing method.
type scanForm struct {
	form plan.ScanForm
	is   func(b *builder, d *decision, e *entity) (pointer, ok bool)
}

// scanForms are tried in order: what pages stands before what lists everything at once.
func scanForms() []scanForm {
	return []scanForm{
		{plan.ScanCursor, scansByCursor},
		{plan.ScanAfterKey, scansAfterKey},
		{plan.ScanSeq, scansSeq},
		{plan.ScanEach, scansEach},
		{plan.ScanAll, scansAll},
		{plan.ScanMap, scansMap},
		{plan.ScanKeys, scansKeys},
	}
}

// findScan finds the method that lists every entity of a kind, or nil: then there is no backfill through it.
func (b *builder) findScan(e *entity) *plan.ScanCall {
	said := e.saidWord("scan")
	if said.Text == "none" {
		return nil
	}
	for _, form := range scanForms() {
		is := func(b *builder, d *decision, e *entity) (*plan.EntityCall, int) {
			if said.Text == "" && (d.Kind != plan.Read || !listsAll(d, e)) {
				return nil, 0
			}
			pointer, ok := form.is(b, d, e)
			if !ok {
				return nil, 0
			}
			return &plan.EntityCall{Method: d.Method, Pointer: pointer}, 0
		}
		if said.Text != "" {
			if call := b.saidScan(e, said, is); call != nil {
				return &plan.ScanCall{EntityCall: *call, Form: form.form}
			}
			continue
		}
		if call := b.copier(e, "scan", text.Word{}, is); call != nil {
			return &plan.ScanCall{EntityCall: *call, Form: form.form}
		}
	}
	if said.Text != "" && !b.reports.Any() {
		b.reports.Addf(said.Pos, "name a method like "+b.roleExample("scan", e), "%s cannot serve as scan of %s: no such method, or its signature does not fit", said.Text, e.Name)
	}
	return nil
}

// saidScan finds a method by name that has one of the forms.
func (b *builder) saidScan(e *entity, said text.Word, is shape) *plan.EntityCall {
	for _, d := range b.methods {
		if d.Name == said.Text {
			call, _ := is(b, d, e)
			return call
		}
	}
	if d := b.storeMethod(e, "scan", said); d != nil {
		call, _ := is(b, d, e)
		return call
	}
	return nil
}

// listsAll reports whether a method's name says that it lists all entities and not some of them.
func listsAll(d *decision, e *entity) bool {
	said := strings.Join(d.noun(), "")
	if e.beside != nil && slices.Contains(keyNouns, strings.ToLower(said)) {
		return true
	}
	return said == "" || slices.ContainsFunc([]string{"All", "After", "Page", e.Name, "All" + e.Name, e.Name + "After", e.Name + "Page"}, func(name string) bool {
		return text.SameName(said, name) || text.SameName(text.Singular(said), name) || text.SameName(said, name+"s")
	})
}

// listOf reports whether a method returns a slice of entities as the nth of its results besides the error.
func (b *builder) listOf(d *decision, e *entity, results int) (pointer, ok bool) {
	list := d.nonError()
	if len(list) != results || d.Error < 0 {
		return false, false
	}
	slice, ok := d.Results[list[0]].Type.Underlying().(*types.Slice)
	if !ok {
		return false, false
	}
	elem, pointer := derefType(slice.Elem())
	return pointer, types.Identical(elem, e.Type)
}

// scansAll: (ctx) ([]E, error).
func scansAll(b *builder, d *decision, e *entity) (pointer, ok bool) {
	if len(d.nonContext()) != 0 {
		return false, false
	}
	return b.listOf(d, e, 1)
}

// scansByCursor: (ctx, cursor string, limit int) ([]E, string, error).
func scansByCursor(b *builder, d *decision, e *entity) (pointer, ok bool) {
	args := d.nonContext()
	if len(args) != 2 || !isKind(d.Params[args[0]].Type, types.String) || !isKind(d.Params[args[1]].Type, types.Int) {
		return false, false
	}
	if !slices.Contains([]string{"cursor", "token", "pagetoken", "after", "from", "start"}, text.BareName(d.Params[args[0]].Name)) {
		return false, false
	}
	if results := d.nonError(); len(results) != 2 || !isKind(d.Results[results[1]].Type, types.String) {
		return false, false
	}
	return b.listOf(d, e, 2)
}

// scansAfterKey: (ctx, after K…, limit int) ([]E, error).
func scansAfterKey(b *builder, d *decision, e *entity) (pointer, ok bool) {
	args := d.nonContext()
	if len(e.parts) == 0 || len(args) != len(e.parts)+1 || !isKind(d.Params[args[len(args)-1]].Type, types.Int) {
		return false, false
	}
	for n, part := range e.parts {
		p := d.Params[args[n]]
		if !types.Identical(p.Type, part.Type) || !strings.HasPrefix(text.BareName(p.Name), "after") {
			return false, false
		}
	}
	return b.listOf(d, e, 1)
}

// scansSeq: (ctx) iter.Seq2[E, error].
func scansSeq(_ *builder, d *decision, e *entity) (pointer, ok bool) {
	if len(d.nonContext()) != 0 || len(d.Results) != 1 {
		return false, false
	}
	named, ok := types.Unalias(d.Results[0].Type).(*types.Named)
	if !ok || !isNamed(named, "iter", "Seq2") || !isError(named.TypeArgs().At(1)) {
		return false, false
	}
	elem, pointer := derefType(named.TypeArgs().At(0))
	return pointer, types.Identical(elem, e.Type)
}

// scansEach: (ctx, func(E) error) error.
func scansEach(_ *builder, d *decision, e *entity) (pointer, ok bool) {
	args := d.nonContext()
	if len(args) != 1 || len(d.nonError()) != 0 || d.Error < 0 {
		return false, false
	}
	sig, ok := d.Params[args[0]].Type.Underlying().(*types.Signature)
	if !ok || sig.Params().Len() != 1 || sig.Results().Len() != 1 || !isError(sig.Results().At(0).Type()) {
		return false, false
	}
	elem, pointer := derefType(sig.Params().At(0).Type())
	return pointer, types.Identical(elem, e.Type)
}

// isKind reports whether a type is a basic one of a kind, without a name of its own.
func isKind(t types.Type, kind types.BasicKind) bool {
	basic, ok := types.Unalias(t).(*types.Basic)
	return ok && basic.Kind() == kind
}

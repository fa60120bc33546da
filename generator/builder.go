package generator

import (
	"cmp"
	"fmt"
	"go/types"
	"strings"

	"github.com/dualgen/dualgen/generator/convert"
	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/plan"
)

// builder decides everything about one wrapped interface and fills its plan.
type builder struct {
	*subject
	repo     *plan.Repository
	planner  *convert.Planner
	names    *allocator
	fields   *allocator      // of the wrapper's struct
	scope    map[string]bool // what scopeNames returns, once asked for
	methods  []*decision
	extra    []*decision // methods that only the stores have
	entities []*entity
	stores   [2]*store
	saidArgs []saidArg
}

// decision is one method while it is decided.
type decision struct {
	*plan.Method
	said directive.Method
	rule verbRule
	verb string // as the name spells it

	each   *plan.Key      // of a read of several entities, which goes by the whole kind
	loose  bool           // a read that is given the only entity there is, though its name speaks of something else
	origin *types.Package // that declares it; nil for a method of the stores alone
	ok     bool           // its kind is known
}

// entity is one kind of entity while it is decided.
type entity struct {
	*plan.Entity
	said    *directive.Entity
	parts   []keyField
	beside  types.Type // the value, where the key lies beside it: Type is then the entry, both together
	time    *keyTime   // nil where there is none
	written bool       // a method of the interface writes it
}

// keyField is one part of an entity's key.
type keyField struct {
	name string
	plan.KeyPart
}

// newBuilder starts with nothing decided.
func newBuilder(s *subject) *builder {
	b := &builder{subject: s, names: s.packageNames()}
	b.repo = &plan.Repository{
		Interface: s.object, Type: s.typ, TypeParams: s.params, Pos: s.request.pos, Doc: s.doc,
	}
	return b
}

// decide plans the repository: its methods, its entities, its stores, its names. It stops after the first stage
// that reported something, since later ones would only repeat it, and says whether all is decided.
func (b *builder) decide() bool {
	before := b.reports.Len()
	for _, stage := range [][]func(){
		{b.resolveStores},
		{b.place, b.nameOutput},
		{b.placeCtl, b.exportedForCtl},
		{b.startPlanner, b.describeMethods, b.decideKinds, b.findEntities, b.assignEntities, b.decideKeys, b.decideMirrors, b.decideSeveral, b.decideCursors},
		{b.decideTimes},
		{b.findCopiers},
		{b.planBundles, b.planCalls, b.askErrors},
		{b.finish},
	} {
		for _, step := range stage {
			step()
		}
		if b.reports.Len() > before {
			return false
		}
	}
	return true
}

// describeMethods fills in what the signatures say, and refuses what cannot be wrapped.
func (b *builder) describeMethods() {
	for _, m := range b.subject.methods {
		if !b.wrappable(m) {
			continue
		}
		d := b.describe(m)
		b.methods = append(b.methods, d)
		b.repo.Methods = append(b.repo.Methods, d.Method)
	}
}

// describe makes a decision of a method, with nothing decided.
func (b *builder) describe(m *method) *decision {
	params, results := b.paramNames(m.name, m.sig)
	d := &decision{said: m.said, origin: m.origin, Method: &plan.Method{
		Name: m.name, Pos: m.pos, Doc: m.doc, Sig: m.sig, Context: -1, Error: -1,
	}}
	for i := range m.sig.Params().Len() {
		t := m.sig.Params().At(i).Type()
		if d.Context < 0 && isContext(t) {
			d.Context = i
		}
		d.Params = append(d.Params, &plan.Param{Name: params[i], Said: cmp.Or(d.sourceName(i), params[i]), Type: t, Variadic: m.sig.Variadic() && i == m.sig.Params().Len()-1})
	}
	last := m.sig.Results().Len() - 1
	for i := range m.sig.Results().Len() {
		t := m.sig.Results().At(i).Type()
		if i == last && isError(t) {
			d.Error = i
		}
		d.Results = append(d.Results, &plan.Result{Name: results[i], Type: t})
	}
	return d
}

// wrappable refuses a method that no wrapper can serve.
func (b *builder) wrappable(m *method) bool {
	if object, _, _ := types.LookupFieldOrMethod(b.typ, true, b.pkg.Types, m.name); object == nil {
		b.reports.Addf(m.pos, "wrap an interface without it", "%s is unexported in another package: no wrapper can have it", m.name)
		return false
	}
	for v := range m.sig.Results().Variables() {
		if _, ok := v.Type().Underlying().(*types.Chan); ok {
			b.reports.Addf(m.pos, "return a slice or an iter.Seq2, or leave the method out of the interface",
				"%s returns a channel: its values cannot be repeated or compared", m.name)
			return false
		}
		if b.isItself(v.Type()) {
			b.reports.Addf(m.pos, fmt.Sprintf("run the work in a function: InTx(ctx context.Context, f func(%[1]s) error) error\nwith //dualgen:transaction above it", b.object.Name()),
				"%s returns %s itself: writes through it would not be mirrored", m.name, b.object.Name())
			return false
		}
	}
	return true
}

// isItself reports whether a type is the wrapped interface.
func (b *builder) isItself(t types.Type) bool {
	if types.Identical(t, b.typ) {
		return true
	}
	if n, ok := types.Unalias(t).(*types.Named); ok && n.Origin().Obj() == b.object {
		return true
	}
	iface, ok := t.Underlying().(*types.Interface)
	return ok && iface.NumMethods() > 0 && types.Identical(iface, b.iface) // the interface that it names or embeds
}

// ask reports what is open about a method, and what would answer it. A method that is declared elsewhere has no place for a
// directive of ours above it: one above the interface names it.
func (b *builder) ask(d *decision, remedy, format string, args ...any) {
	b.reports.Addf(d.Pos, b.placed(d, remedy), format, args...)
}

// placed fits a remedy that speaks of directives above a method to where they can stand.
func (b *builder) placed(d *decision, remedy string) string {
	if !b.foreign(d) {
		return remedy
	}
	for _, verb := range []string{"read", "write", "delete", "lifecycle", "primary", "transaction", "key", "mirror", "cursor"} {
		remedy = strings.ReplaceAll(remedy, "//dualgen:"+verb, "//dualgen:"+verb+" "+d.Name)
	}
	return strings.ReplaceAll(remedy, " above it", " above the interface")
}

// foreign reports whether a method is declared where the user cannot write a directive above it.
func (b *builder) foreign(d *decision) bool { return d.Pos == b.pos }

// nonContext are the indices of a method's parameters other than the context.
func (d *decision) nonContext() []int {
	var list []int
	for i := range d.Params {
		if i != d.Context {
			list = append(list, i)
		}
	}
	return list
}

// nonError are the indices of a method's results other than the error.
func (d *decision) nonError() []int {
	var list []int
	for i := range d.Results {
		if i != d.Error {
			list = append(list, i)
		}
	}
	return list
}

// because adds a reason.
func (d *decision) because(format string, args ...any) {
	d.Reasons = append(d.Reasons, fmt.Sprintf(format, args...))
}

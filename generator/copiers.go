package generator

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/plan"
)

// findCopiers finds the methods that copy one entity of each kind from store to store: by directive, else by kind and
// shape. It reports what a written entity lacks.
func (b *builder) findCopiers() {
	for _, e := range b.entities {
		if e.Type == nil {
			b.checkTypeless(e)
			continue
		}
		e.Get = b.copier(e, "get", e.saidWord("get"), (*builder).getShape)
		b.findPut(e)
		e.Delete = b.copier(e, "delete", e.saidWord("delete"), (*builder).deleteShape)
		e.Scan = b.findScan(e)
		b.checkCopiers(e)
	}
}

// saidWord is what an entity directive says for one role.
func (e *entity) saidWord(role string) word {
	if e.said == nil {
		return word{}
	}
	switch role {
	case "get":
		return e.said.get
	case "delete":
		return e.said.delete
	case "scan":
		return e.said.scan
	}
	return word{}
}

// shape reports whether a method can play a role for an entity, and how well: the lowest rank is taken.
type shape func(b *builder, d *decision, e *entity) (call *plan.EntityCall, rank int)

// copier finds the method for one role.
func (b *builder) copier(e *entity, role string, said word, is shape) *plan.EntityCall {
	if said.text == "none" {
		return nil
	}
	if said.text != "" {
		return b.saidCopier(e, role, said, is)
	}
	var best *plan.EntityCall
	lowest := 0
	for _, d := range b.methods {
		if d.Entity != e.Entity {
			continue
		}
		if call, rank := is(b, d, e); call != nil && (best == nil || rank < lowest) {
			best, lowest = call, rank
		}
	}
	return best
}

// saidCopier finds the method that a directive names: of the interface, or of the stores alone.
func (b *builder) saidCopier(e *entity, role string, said word, is shape) *plan.EntityCall {
	for _, d := range b.methods {
		if d.Name != said.text {
			continue
		}
		if call, _ := is(b, d, e); call != nil {
			return call
		}
		b.reports.addf(said.pos, "name a method like "+roleExample(role, e), "%s cannot serve as %s of %s: its signature does not fit", said.text, role, e.Name)
		return nil
	}
	if call := b.userCopier(said); call != nil {
		return call
	}
	if d := b.storeMethod(e, role, said); d != nil {
		if call, _ := is(b, d, e); call != nil {
			return call
		}
	}
	known := slices.Concat(b.methodNames(), b.commonStoreMethods())
	slices.Sort(known)
	known = slices.Compact(known)
	b.reports.addf(said.pos, hint(said.text, known), "neither %s nor both stores have a method %s", b.object.Name(), said.text)
	return nil
}

// userCopier finds a user's function over a store: func(ctx, store, …).
func (b *builder) userCopier(said word) *plan.EntityCall {
	f, ok := b.pkg.Types.Scope().Lookup(said.text).(*types.Func)
	if !ok {
		return nil
	}
	sig := f.Signature()
	return &plan.EntityCall{Func: &plan.FuncRef{
		Name: f.Name(), Package: f.Pkg(),
		Context:  sig.Params().Len() > 0 && isContext(sig.Params().At(0).Type()),
		Fallible: sig.Results().Len() > 0 && isError(sig.Results().At(sig.Results().Len()-1).Type()),
	}}
}

// roleExample shows a method that can play a role.
func roleExample(role string, e *entity) string {
	var keys []string
	for _, p := range e.parts {
		keys = append(keys, lowerFirst(p.name)+" "+typeString(p.Type))
	}
	key := strings.Join(keys, ", ")
	switch role {
	case "get":
		return fmt.Sprintf("%s(ctx context.Context, %s) (%s, error)", "Get", key, e.Name)
	case "delete":
		return fmt.Sprintf("%s(ctx context.Context, %s) error", "Delete", key)
	case "put":
		return fmt.Sprintf("%s(ctx context.Context, %s %s) error", "Save", lowerFirst(e.Name), e.Name)
	}
	return fmt.Sprintf("%s(ctx context.Context) ([]%s, error)", "Scan", e.Name)
}

// getShape: reads one entity by its key and nothing else.
func (b *builder) getShape(d *decision, e *entity) (*plan.EntityCall, int) {
	if d.Kind != plan.Read || d.Key.Form != plan.KeyOne || !b.getsOne(d, e) || !b.keyIsAll(d) || d.Error < 0 && len(d.nonError()) < 1 {
		return nil, 0
	}
	rank := 1
	if plainNoun(d.noun(), e) {
		rank = 0
	}
	_, pointer := derefType(d.Results[d.nonError()[0]].Type)
	return &plan.EntityCall{Method: d.Method, Pointer: pointer}, rank
}

// deleteShape: removes by key, or given the entity.
func (b *builder) deleteShape(d *decision, e *entity) (*plan.EntityCall, int) {
	if d.Kind != plan.Write || !d.Delete || !b.keyIsAll(d) {
		return nil, 0
	}
	pointer := false
	if i, ok := d.entityParam(e, false); ok {
		_, pointer = derefType(d.Params[i].Type)
	}
	call := &plan.EntityCall{Method: d.Method, Pointer: pointer}
	switch d.Key.Form {
	case plan.KeyOne:
		return call, 0
	case plan.KeyEach:
		return call, 1
	}
	return nil, 0
}

// putShape: stores the whole entity, whatever the verb.
func (b *builder) putShape(d *decision, e *entity) (*plan.EntityCall, int) {
	if d.Kind != plan.Write || d.Delete {
		return nil, 0
	}
	if call := b.modifyCall(d, e); call != nil {
		return call, 2
	}
	if !b.entityIsAll(d) {
		return nil, 0
	}
	i, one := d.entityParam(e, false)
	rank := 0
	if !one {
		i, _ = d.entityParam(e, true)
		rank = 1
	}
	return &plan.EntityCall{Method: d.Method, Pointer: elementOf(d.Params[i].Type).pointer}, rank
}

// modifyCall is the call of a method that is given the key and a function from the old entity to the new one.
func (b *builder) modifyCall(d *decision, e *entity) *plan.EntityCall {
	var sig *types.Signature
	for _, i := range d.nonContext() {
		if s, ok := d.Params[i].Type.Underlying().(*types.Signature); ok {
			if sig != nil {
				return nil
			}
			sig = s
		}
	}
	if sig == nil || sig.Params().Len() != 1 || d.Key.Form != plan.KeyOne || len(d.nonContext()) != len(e.parts)+1 {
		return nil
	}
	elem, pointer := derefType(sig.Params().At(0).Type())
	if !types.Identical(elem, e.Type) || sig.Results().Len() == 0 && !pointer {
		return nil
	}
	return &plan.EntityCall{Method: d.Method, Pointer: pointer, Modify: true}
}

// traitShape is putShape for the verbs of one trait.
func traitShape(want trait) shape {
	return func(b *builder, d *decision, e *entity) (*plan.EntityCall, int) {
		if d.rule.trait != want {
			return nil, 0
		}
		return b.putShape(d, e)
	}
}

// findPut finds what stores an entity: one method that takes it whether it is there or not, else an update and a create.
func (b *builder) findPut(e *entity) {
	if e.said != nil && len(e.said.put) > 0 {
		e.Put = b.copier(e, "put", e.said.put[0], (*builder).putShape)
		if len(e.said.put) == 2 {
			e.PutElse = b.copier(e, "put", e.said.put[1], (*builder).putShape)
		}
		return
	}
	if e.Put = b.copier(e, "put", word{}, traitShape(whole)); e.Put != nil {
		return
	}
	update, create := b.copier(e, "put", word{}, traitShape(updates)), b.copier(e, "put", word{}, traitShape(creates))
	if update != nil && create != nil {
		e.Put, e.PutElse = update, create
	}
}

// checkCopiers reports the methods that a written entity lacks for being copied.
func (b *builder) checkCopiers(e *entity) {
	if !e.written {
		return
	}
	for _, role := range []struct {
		name  string
		found bool
	}{
		{"get", e.Get != nil}, {"put", e.Put != nil}, {"delete", e.Delete != nil},
	} {
		if role.found || b.saidNone(e, role.name) || e.says(role.name) {
			continue
		}
		b.reports.addf(b.entityPos(e), b.copierRemedy(e, role.name),
			"%s cannot be copied between the stores: no method is its %s, %s", e.Name, role.name, b.neededBy(e))
	}
	b.checkAbsent(e)
}

// checkAbsent reports a getter that leaves open how it says that there is no such entity: a copy must know.
func (b *builder) checkAbsent(e *entity) {
	if e.Get == nil || e.Get.Method == nil || e.Get.Method.Error < 0 {
		return
	}
	for _, d := range slices.Concat(b.methods, b.extra) {
		if d.Method != e.Get.Method {
			continue
		}
		before := len(b.reports.list)
		n := b.notFound(0, d, nil)
		if len(b.reports.list) > before {
			continue // its directive was reported
		}
		if n == nil || n.Caller == nil && !n.CallerNil && !n.CallerFound {
			b.reports.addf(d.Pos, "write //dualgen:notfound ErrNotFound above the interface, with the name of that error",
				"cannot tell by which error %s says that there is no such %s", d.Name, e.Name)
		}
	}
}

// says reports whether a directive names a method for a role; what is wrong with it was reported where it was looked for.
func (e *entity) says(role string) bool {
	return e.saidWord(role).text != "" || role == "put" && e.said != nil && len(e.said.put) > 0
}

// saidNone reports whether a directive says that an entity has no method for a role, and that no write needs it.
func (b *builder) saidNone(e *entity, role string) bool {
	if e.said == nil {
		return false
	}
	none := e.saidWord(role).text == "none" || role == "put" && len(e.said.put) == 1 && e.said.put[0].text == "none"
	if !none || role == "delete" {
		return none
	}
	for _, d := range b.methods {
		if d.Entity == e.Entity && d.Mirror == plan.Copy && d.Key.Form != plan.KeyNone {
			b.reports.addf(e.said.pos, "name a method for "+role+", or write //dualgen:mirror replay above "+d.Name+" if that is the same",
				"%s copies %s, which has no %s", d.Name, e.Name, role)
		}
	}
	return true
}

// entityPos is where an entity is best talked about: its directive, else the interface.
func (b *builder) entityPos(e *entity) token.Position { return e.Pos }

// neededBy says what copying an entity is for.
func (b *builder) neededBy(e *entity) string {
	for _, d := range b.methods {
		if d.Entity == e.Entity && d.Mirror == plan.Copy {
			return "which " + d.Name + " needs"
		}
	}
	return "which the repair of a failed mirror write needs"
}

// copierRemedy says how to name a method for a role.
func (b *builder) copierRemedy(e *entity, role string) string {
	said := "//dualgen:entity " + e.Name
	if len(e.parts) > 0 {
		said += " key=" + strings.ReplaceAll(partNames(e), ", ", ",")
	}
	remedy := fmt.Sprintf("name a method of the interface, one that both stores have, or a function over a store, above the interface: %s %s=…\nlike %s",
		said, role, roleExample(role, e))
	if role == "delete" {
		remedy += "\nor say that it is never removed: " + said + " delete=none"
	}
	return remedy
}

// checkTypeless reports writes that would have to copy an entity that is no type.
func (b *builder) checkTypeless(e *entity) {
	for _, d := range b.methods {
		if d.Entity == e.Entity && d.Mirror == plan.Copy && d.Key.Form != plan.KeyNone {
			b.reports.addf(d.Pos, "write //dualgen:mirror replay above it if calling it twice does what calling it once does",
				"%s copies %s, which is no type that a method returns whole", d.Name, e.Name)
		}
	}
}

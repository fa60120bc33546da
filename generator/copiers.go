package generator

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/text"
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
		b.checkCopied(e)
		e.Get = b.copier(e, "get", e.saidWord("get"), (*builder).getShape)
		b.findPut(e)
		e.Delete = b.copier(e, "delete", e.saidWord("delete"), (*builder).deleteShape)
		e.Scan = b.findScan(e)
		b.checkCopiers(e)
	}
}

// saidWord is what an entity directive says for one role.
func (e *entity) saidWord(role string) text.Word {
	if e.said == nil {
		return text.Word{}
	}
	switch role {
	case "get":
		return e.said.Get
	case "delete":
		return e.said.Delete
	case "scan":
		return e.said.Scan
	}
	return text.Word{}
}

// shape reports whether a method can play a role for an entity, and how well: the lowest rank is taken.
type shape func(b *builder, d *decision, e *entity) (call *plan.EntityCall, rank int)

// copier finds the method for one role.
func (b *builder) copier(e *entity, role string, said text.Word, is shape) *plan.EntityCall {
	if said.Text == "none" {
		return nil
	}
	if said.Text != "" {
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
func (b *builder) saidCopier(e *entity, role string, said text.Word, is shape) *plan.EntityCall {
	for _, d := range b.methods {
		if d.Name != said.Text {
			continue
		}
		if call, _ := is(b, d, e); call != nil {
			return call
		}
		b.reports.Addf(said.Pos, "name a method like "+b.roleExample(role, e), "%s cannot serve as %s of %s: its signature does not fit", said.Text, role, e.Name)
		return nil
	}
	if call, found := b.userCopier(e, role, said); found {
		return call
	}
	if d := b.storeMethod(e, role, said); d != nil {
		if call, _ := is(b, d, e); call != nil {
			return call
		}
	}
	b.reportNoMethod(said)
	return nil
}

// reportNoMethod reports a directive's word that names no method of the interface, and none that both stores have.
func (b *builder) reportNoMethod(said text.Word) {
	known := slices.Concat(b.methodNames(), b.commonStoreMethods())
	slices.Sort(known)
	b.reports.Addf(said.Pos, report.Hint(said.Text, slices.Compact(known)), "neither %s nor both stores have a method %s", b.object.Name(), said.Text)
}

// roleExample shows a method that can play a role.
func (b *builder) roleExample(role string, e *entity) string {
	var keys []string
	for _, p := range e.parts {
		keys = append(keys, text.LowerFirst(p.name)+" "+typeString(p.Type))
	}
	key := strings.Join(keys, ", ")
	if len(keys) == 0 && !b.isSingleton(e) {
		key = "key K"
	}
	parameters := strings.TrimSuffix("ctx context.Context, "+key, ", ")
	switch role {
	case "get":
		return fmt.Sprintf("Get(%s) (%s, error)", parameters, e.Name)
	case "delete":
		return fmt.Sprintf("Delete(%s) error", parameters)
	case "put":
		return fmt.Sprintf("Save(ctx context.Context, %s %s) error", text.LowerFirst(e.Name), e.Name)
	}
	return fmt.Sprintf("Scan(ctx context.Context) ([]%s, error)", e.Name)
}

// getShape: reads one entity by its key and nothing else.
func (b *builder) getShape(d *decision, e *entity) (*plan.EntityCall, int) {
	if d.Kind != plan.Read || d.Key.Form != plan.KeyOne || !b.getsOne(d, e) || !b.keyIsEnough(d) || d.Error < 0 && len(d.nonError()) < 1 {
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
	if d.Kind != plan.Write || !d.Delete || !b.keyIsEnough(d) {
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
	if b.putsBeside(d, e) {
		_, pointer := derefType(d.Params[d.required()[len(e.parts)]].Type)
		return &plan.EntityCall{Method: d.Method, Pointer: pointer}, 0
	}
	if !b.entityIsEnough(d) {
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
	if e.said != nil && len(e.said.Put) > 0 {
		e.Put = b.copier(e, "put", e.said.Put[0], (*builder).putShape)
		if len(e.said.Put) == 2 {
			e.PutElse = b.copier(e, "put", e.said.Put[1], (*builder).putShape)
		}
		return
	}
	if e.Put = b.copier(e, "put", text.Word{}, traitShape(whole)); e.Put != nil {
		return
	}
	update, create := b.copier(e, "put", text.Word{}, traitShape(updates)), b.copier(e, "put", text.Word{}, traitShape(creates))
	if update != nil && create != nil {
		e.Put, e.PutElse = update, create
	}
}

// Package carry decides how values travel through the runtime: in which bundles, and how they are copied, compared and named by keys.
package carry

import (
	"go/token"
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/lookup"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/names"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/convert"
	"github.com/dualgen/dualgen/internal/convert/given"
	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/convert/keys"
	"github.com/dualgen/dualgen/internal/plan"
)

// Stage is what the decisions need.
type Stage struct {
	In          *model.Interface
	Conversions *convert.Planner
	Functions   *lookup.Functions
	Names       *names.Allocator // of the output's package
	Fields      *names.Allocator // of the wrapper's struct
}

// Bundles decides how arguments and results travel through the runtime, and how they are copied and compared.
func (c *Stage) Bundles() {
	prefix := text.LowerFirst(c.In.Object.Name())
	for _, d := range c.In.Methods {
		d.Field = c.Fields.Field(text.LowerFirst(d.Name))
		if d.Kind == plan.Lifecycle || d.Kind == plan.Transaction {
			continue
		}
		args, argTypes := c.bundle(prefix+text.UpperFirst(d.Name)+"Args", d.NonContext(), func(i int) (string, types.Type) { return d.Params[i].Name, d.Params[i].Type })
		values, valueTypes := c.bundle(prefix+text.UpperFirst(d.Name)+"Values", d.NonError(), func(i int) (string, types.Type) { return d.Results[i].Name, d.Results[i].Type })
		d.Args, d.Values = args, values
		if d.Kind == plan.Primary {
			continue
		}
		d.CloneArgs = c.clone(argTypes, d.Pos)
		if d.Kind == plan.Read {
			d.CloneValues = c.clone(valueTypes, d.Pos)
			if d.Paging != nil {
				d.Paging.Name = c.Fields.Field(text.LowerFirst(d.Name) + "Paging")
			}
			switch {
			case d.TakesOnce():
				d.Because("Not compared, because what it is given serves one store only.")
			case d.FillsUnknown():
				d.Because("Not compared, because it fills in what it is given, of which there is no copy for the other store.")
			case d.ReturnsOwnOptions():
				d.Because("Not compared, because it returns the options of the store itself.")
			default:
				d.DiffValues = c.diff(valueTypes, d)
			}
			if d.DiffValues != nil || d.CloneArgs != nil || d.CloneValues != nil {
				d.Reading = c.Fields.Field(text.LowerFirst(d.Name) + "Reading")
			}
		}
	}
}

// bundle carries values: none, one as itself, several as a struct that gets a name.
func (c *Stage) bundle(name string, index []int, at func(int) (string, types.Type)) (plan.Bundle, types.Type) {
	bundle := plan.Bundle{Index: index}
	switch len(index) {
	case 0:
		return bundle, nil
	case 1:
		_, t := at(index[0])
		bundle.Type = t
		return bundle, t
	}
	bundle.Name = c.Names.Name(name)
	var vars []*types.Var
	scope := names.New()
	for _, i := range index {
		field, t := at(i)
		field = scope.Field(field)
		bundle.Fields = append(bundle.Fields, field)
		vars = append(vars, types.NewField(token.NoPos, c.In.Output, field, t, false))
	}
	object := types.NewTypeName(token.NoPos, c.In.Output, bundle.Name, nil)
	return bundle, c.In.Generic(types.NewNamed(object, types.NewStruct(vars, nil), nil))
}

// clone plans a deep copy; nil where nothing is mutable.
func (c *Stage) clone(t types.Type, pos token.Position) *plan.FuncRef {
	if t == nil {
		return nil
	}
	ref, faults := c.Conversions.Clone(t, pos)
	c.In.Reports.Compiler(faults)
	return ref
}

// diff plans a comparison of results; nil where there is nothing to compare.
func (c *Stage) diff(t types.Type, d *model.Method) *plan.FuncRef {
	if t == nil {
		return nil
	}
	if slices.ContainsFunc(d.NonError(), func(i int) bool { return gotype.HoldsHandle(d.Results[i].Type) }) {
		d.Because("Not compared, because its result must be closed, or can be read only once.")
		return nil
	}
	if unknown := c.unknown(d); unknown != nil {
		d.Because("Not compared, because what lies behind %s may be made anew on each read: say //dualgen:compare equal=%s:F, with func F(a, b %[1]s) bool.",
			types.TypeString(unknown, types.RelativeTo(c.In.Package)), unknown.Obj().Name())
		return nil
	}
	own := d.Said.Compare
	if own != nil && own.None {
		d.Because("Not compared, by directive.")
		return nil
	}
	if d.Paging != nil { // no two stores have the same cursors
		own = withoutCursor(d)
	}
	if own != nil {
		ref, faults := c.Conversions.DiffResult(d.Name, t, given.Compare{Ignore: own.Ignore, Round: own.Round, Unordered: own.Unordered, Pos: own.Pos})
		c.In.Reports.Compiler(faults)
		return ref
	}
	ref, faults := c.Conversions.Diff(t, d.Pos)
	c.In.Reports.Compiler(faults)
	if ref == nil && len(plan.TypeParamsIn(t)) > 0 {
		d.Because("Not compared, because the constraint of %s does not say when two are equal.", plan.TypeParamsIn(t)[0].Obj().Name())
	}
	return ref
}

// unknown is the interface among a method's results of which nothing says when two values are equal; nil for none.
func (c *Stage) unknown(d *model.Method) *types.Named {
	for _, i := range d.NonError() {
		t := d.Results[i].Type
		if !c.Conversions.Unknown(t) {
			continue
		}
		for {
			if named, ok := types.Unalias(t).(*types.Named); ok && types.IsInterface(named) {
				return named
			}
			elem, ok := t.Underlying().(interface{ Elem() types.Type })
			if !ok {
				break
			}
			t = elem.Elem()
		}
	}
	return nil
}

// withoutCursor is what is said of comparing a method's results, and that the cursor is left out.
func withoutCursor(d *model.Method) *directive.Compare {
	own := directive.Compare{Said: d.Said.Cursor.Said}
	if d.Said.Compare != nil {
		own = *d.Said.Compare
	}
	name := ""
	if d.Paging.Field != nil {
		name = d.Paging.Field.Name()
	} else if i := slices.Index(d.Values.Index, d.Paging.Result); i < len(d.Values.Fields) {
		name = d.Values.Fields[i]
	}
	own.Ignore = append(slices.Clip(own.Ignore), name)
	return &own
}

// Codecs names the wrapper's fields with the codecs that its keys need.
func (c *Stage) Codecs() []plan.ParamCodec {
	var all []plan.ParamCodec
	for _, e := range c.In.Entities {
		if e.KeyFunc == nil {
			continue
		}
		for _, p := range e.KeyFunc.Codecs {
			if !slices.ContainsFunc(all, func(known plan.ParamCodec) bool { return known.Param == p }) {
				all = append(all, plan.ParamCodec{Param: p, Field: c.Fields.Field("codec" + text.UpperFirst(p.Obj().Name()))})
			}
		}
	}
	return all
}

// Keys plans the entities' key functions and comparators. Entities that cannot be copied only lend their name to keys.
func (c *Stage) Keys() {
	for _, e := range c.In.Entities {
		c.entity(e)
	}
	for _, d := range c.In.Methods {
		if d.Entity != nil && d.Key.Form != plan.KeyNone && d.Key.Form != 0 {
			d.Key.Func = d.Entity.KeyFunc
		}
		for i := range d.Also {
			d.Also[i].Key.Func = d.Also[i].Entity.KeyFunc
		}
	}
}

// entity plans an entity's key functions and comparator.
func (c *Stage) entity(e *model.Entity) {
	if len(e.Parts) == 0 && !e.IsSingleton() {
		return
	}
	var parts []keys.Part
	scope := names.New()
	for _, p := range e.Parts {
		parts = append(parts, keys.Part{Name: scope.Name(text.LowerFirst(p.Name)), Type: p.Type, Canon: c.Functions.Canonical(e, p)})
	}
	key, faults := c.Conversions.Key(e.Name, parts, e.Pos)
	c.In.Reports.Compiler(faults)
	e.KeyFunc, e.ParseFunc = key.Func, key.Parse
	if e.Type == nil {
		return
	}
	e.Diff, faults = c.Conversions.Diff(e.Type, e.Pos)
	c.In.Reports.Compiler(faults)
	e.Clone, faults = c.Conversions.Clone(e.Type, e.Pos)
	c.In.Reports.Compiler(faults)
}

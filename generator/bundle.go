package generator

import (
	"go/scanner"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/convert"
	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/plan"
)

// startPlanner hands the directives on conversions to their planner.
func (b *builder) startPlanner() {
	options := convert.Options{Name: b.helperName, Package: b.repo.Output.Package}
	for _, d := range b.said.Converts {
		for _, w := range d.Functions {
			f, ok := b.pkg.Types.Scope().Lookup(w.Text).(*types.Func)
			if !ok {
				b.reports.Addf(w.Pos, report.Hint(w.Text, b.functionNames()), "package %s has no function %s", b.pkg.Name, w.Text)
				continue
			}
			options.Users = append(options.Users, convert.User{Func: f, Pos: w.Pos})
		}
	}
	options.Makers = b.findMakers()
	for _, d := range b.said.Fields {
		options.Fields = append(options.Fields, convert.Field{
			Side: d.Side, Path: d.Path.Text, Names: d.Names, Null: d.Null, Unit: d.Unit, As: d.As, Enum: d.Enum, Lossy: d.Lossy,
			Get: d.Get, Set: d.Set, Pos: d.Pos,
		})
	}
	for _, d := range b.said.Ignores {
		options.Ignores = append(options.Ignores, convert.Ignore{Side: d.Side, Path: d.Path.Text, Pos: d.Pos})
	}
	for _, d := range b.said.Compares {
		options.Compares = append(options.Compares, convert.Compare{
			Ignore: d.Ignore, Round: d.Round, Unordered: d.Unordered, Equal: b.equalities(d), Fields: d.Fields, Pos: d.Pos,
		})
	}
	for i, s := range b.in.Stores {
		if s.Pkg != nil {
			options.Precision[i] = convert.StorePrecision(s.Pkg)
		}
	}
	b.planner = convert.New(options)
}

// equalities finds the functions that a compare directive names.
func (b *builder) equalities(d *directive.Compare) []convert.Equality {
	var all []convert.Equality
	for _, w := range d.Equal {
		name, function, named := strings.Cut(w.Text, ":")
		e := convert.Equality{Name: name}
		if named {
			f, ok := b.pkg.Types.Scope().Lookup(function).(*types.Func)
			if !ok {
				b.reports.Addf(w.Pos, report.Hint(function, b.functionNames()), "package %s has no function %s", b.pkg.Name, function)
				continue
			}
			e.Func = f
		}
		all = append(all, e)
	}
	return all
}

// helperName allocates the name of a generated function.
func (b *builder) helperName(base string) string {
	if b.request.shared {
		base = text.LowerFirst(b.object.Name()) + text.UpperFirst(base)
	}
	return b.names.name(base)
}

// functionNames are the functions of the interface's package.
func (b *builder) functionNames() []string {
	var names []string
	scope := b.pkg.Types.Scope()
	for _, name := range scope.Names() {
		if _, ok := scope.Lookup(name).(*types.Func); ok {
			names = append(names, name)
		}
	}
	return names
}

// report adds diagnostics of another stage.
func (b *builder) report(list scanner.ErrorList) {
	b.reports.Compiler(list)
}

// planBundles decides how arguments and results travel through the runtime, and how they are copied and compared.
func (b *builder) planBundles() {
	prefix := text.LowerFirst(b.object.Name())
	b.nameView()
	b.findGenerators()
	b.chooseTestArgs()
	fields := newAllocator("stores", "migration")
	fields.take(b.in.MethodNames()...)
	b.fields = fields
	for _, d := range b.in.Methods {
		d.Field = fields.field(text.LowerFirst(d.Name))
		if d.Kind == plan.Lifecycle || d.Kind == plan.Transaction {
			continue
		}
		args, argTypes := b.bundle(prefix+text.UpperFirst(d.Name)+"Args", d.NonContext(), func(i int) (string, types.Type) { return d.Params[i].Name, d.Params[i].Type })
		values, valueTypes := b.bundle(prefix+text.UpperFirst(d.Name)+"Values", d.NonError(), func(i int) (string, types.Type) { return d.Results[i].Name, d.Results[i].Type })
		d.Args, d.Values = args, values
		if d.Kind == plan.Primary {
			continue
		}
		d.CloneArgs = b.clone(argTypes, d.Pos)
		if d.Kind == plan.Read {
			d.CloneValues = b.clone(valueTypes, d.Pos)
			if d.Paging != nil {
				d.Paging.Name = fields.field(text.LowerFirst(d.Name) + "Paging")
			}
			switch {
			case d.TakesOnce():
				d.Because("Not compared, because what it is given serves one store only.")
			case d.FillsUnknown():
				d.Because("Not compared, because it fills in what it is given, of which there is no copy for the other store.")
			default:
				d.DiffValues = b.diff(valueTypes, d)
			}
			if d.DiffValues != nil || d.CloneArgs != nil || d.CloneValues != nil {
				d.Reading = fields.field(text.LowerFirst(d.Name) + "Reading")
			}
		}
	}
}

// bundle carries values: none, one as itself, several as a struct that gets a name.
func (b *builder) bundle(name string, index []int, at func(int) (string, types.Type)) (plan.Bundle, types.Type) {
	bundle := plan.Bundle{Index: index}
	switch len(index) {
	case 0:
		return bundle, nil
	case 1:
		_, t := at(index[0])
		bundle.Type = t
		return bundle, t
	}
	bundle.Name = b.names.name(name)
	var vars []*types.Var
	scope := newAllocator()
	for _, i := range index {
		field, t := at(i)
		field = scope.field(field)
		bundle.Fields = append(bundle.Fields, field)
		vars = append(vars, types.NewField(token.NoPos, b.repo.Output.Package, field, t, false))
	}
	object := types.NewTypeName(token.NoPos, b.repo.Output.Package, bundle.Name, nil)
	return bundle, b.generic(types.NewNamed(object, types.NewStruct(vars, nil), nil))
}

// generic spells a declaration of the output with the interface's type parameters, where it has some.
func (b *builder) generic(named *types.Named) types.Type {
	if len(b.params) == 0 {
		return named
	}
	own := make([]*types.TypeParam, len(b.params)) // a type parameter belongs to one declaration
	args := make([]types.Type, len(b.params))
	for i, p := range b.params {
		own[i] = types.NewTypeParam(types.NewTypeName(token.NoPos, b.repo.Output.Package, p.Obj().Name(), nil), p.Constraint())
		args[i] = p
	}
	named.SetTypeParams(own)
	if t, err := types.Instantiate(nil, named, args, false); err == nil {
		return t
	}
	return named
}

// clone plans a deep copy; nil where nothing is mutable.
func (b *builder) clone(t types.Type, pos token.Position) *plan.FuncRef {
	if t == nil {
		return nil
	}
	ref, faults := b.planner.Clone(t, pos)
	b.report(faults)
	return ref
}

// diff plans a comparison of results; nil where there is nothing to compare.
func (b *builder) diff(t types.Type, d *model.Method) *plan.FuncRef {
	if t == nil {
		return nil
	}
	if slices.ContainsFunc(d.NonError(), func(i int) bool { return convert.HoldsHandle(d.Results[i].Type) }) {
		d.Because("Not compared, because its result must be closed, or can be read only once.")
		return nil
	}
	if unknown := b.unknown(d); unknown != nil {
		d.Because("Not compared, because what lies behind %s may be made anew on each read: say //dualgen:compare equal=%s:F, with func F(a, b %[1]s) bool.",
			types.TypeString(unknown, types.RelativeTo(b.pkg.Types)), unknown.Obj().Name())
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
		ref, faults := b.planner.DiffResult(d.Name, t, convert.Compare{Ignore: own.Ignore, Round: own.Round, Unordered: own.Unordered, Pos: own.Pos})
		b.report(faults)
		return ref
	}
	ref, faults := b.planner.Diff(t, d.Pos)
	b.report(faults)
	if ref == nil && len(plan.TypeParamsIn(t)) > 0 {
		d.Because("Not compared, because the constraint of %s does not say when two are equal.", plan.TypeParamsIn(t)[0].Obj().Name())
	}
	return ref
}

// unknown is the interface among a method's results of which nothing says when two values are equal; nil for none.
func (b *builder) unknown(d *model.Method) *types.Named {
	for _, i := range d.NonError() {
		t := d.Results[i].Type
		if !b.planner.Unknown(t) {
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

// finish plans the entities' keys and comparators and takes what the planner collected. Entities that cannot be copied
// only lend their name to keys.
func (b *builder) finish() {
	b.checkCanonicals()
	for _, e := range b.in.Entities {
		b.finishEntity(e)
	}
	for _, d := range b.in.Methods {
		if d.Entity != nil && d.Key.Form != plan.KeyNone && d.Key.Form != 0 {
			d.Key.Func = d.Entity.KeyFunc
		}
		for i := range d.Also {
			d.Also[i].Key.Func = d.Also[i].Entity.KeyFunc
		}
	}
	if len(b.in.Extra) > 0 {
		b.repo.Names.Stores = b.names.name(text.LowerFirst(b.object.Name()) + "Stores")
	}
	b.repo.Entities = slices.DeleteFunc(b.repo.Entities, func(e *plan.Entity) bool { return e.Type == nil || e.Get == nil || e.Put == nil })
	b.nameCodecs()
	b.repo.Functions = b.planner.Functions()
	b.repo.Guards = b.planner.Guards()
	b.repo.Assemblies = b.planner.Assemblies()
	b.repo.Exact = b.planner.Exact()
	b.report(b.planner.Unused())
}

// nameCodecs names the wrapper's fields with the codecs that its keys need.
func (b *builder) nameCodecs() {
	for _, e := range b.in.Entities {
		if e.KeyFunc == nil {
			continue
		}
		for _, p := range e.KeyFunc.Codecs {
			if !slices.ContainsFunc(b.repo.Codecs, func(c plan.ParamCodec) bool { return c.Param == p }) {
				b.repo.Codecs = append(b.repo.Codecs, plan.ParamCodec{Param: p, Field: b.fields.field("codec" + text.UpperFirst(p.Obj().Name()))})
			}
		}
	}
}

// finishEntity plans an entity's key functions and comparator.
func (b *builder) finishEntity(e *model.Entity) {
	if len(e.Parts) == 0 && !e.IsSingleton() {
		return
	}
	var parts []convert.Part
	scope := newAllocator()
	for _, p := range e.Parts {
		parts = append(parts, convert.Part{Name: scope.name(text.LowerFirst(p.Name)), Type: p.Type, Canon: b.canonical(e, p)})
	}
	key, faults := b.planner.Key(e.Name, parts, e.Pos)
	b.report(faults)
	e.KeyFunc, e.ParseFunc = key.Func, key.Parse
	if e.Type == nil {
		return
	}
	e.Diff, faults = b.planner.Diff(e.Type, e.Pos)
	b.report(faults)
	e.Clone, faults = b.planner.Clone(e.Type, e.Pos)
	b.report(faults)
}

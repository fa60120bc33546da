package load

import (
	"go/types"
)

// complete reads the export data of every package that the sources' exported declarations mention: of those that they do not
// import themselves, export data of others tells only what it mentions, and constants of an enum would be missing or not,
// depending on what else is loaded. It runs before planning, which reads packages on several processors.
func (u *universe) complete() error {
	c := completion{universe: u, seen: map[types.Type]bool{}}
	for _, s := range u.sources {
		if s.Types == nil {
			continue
		}
		scope := s.Types.Scope()
		for _, name := range scope.Names() {
			if object, ok := scope.Lookup(name).(*types.TypeName); ok {
				c.visit(object.Type())
			}
		}
	}
	return c.err
}

type completion struct {
	*universe
	seen map[types.Type]bool
	err  error
}

// visit completes the packages of the named types that values of a type show.
func (c *completion) visit(t types.Type) {
	if c.err != nil || c.seen[t] {
		return
	}
	c.seen[t] = true
	switch t := t.(type) {
	case *types.Alias:
		c.visit(types.Unalias(t))
	case *types.Named:
		c.named(t)
	case *types.Struct:
		for field := range t.Fields() {
			if field.Exported() || c.sources[c.Listed[pathOf(field)]] != nil {
				c.visit(field.Type())
			}
		}
	case *types.Interface:
		for method := range t.Methods() {
			c.visit(method.Type())
		}
	case *types.Signature:
		c.visit(t.Params())
		c.visit(t.Results())
	case *types.Tuple:
		for v := range t.Variables() {
			c.visit(v.Type())
		}
	case *types.Map:
		c.visit(t.Key())
		c.visit(t.Elem())
	case interface{ Elem() types.Type }: // pointers, slices, arrays, channels
		c.visit(t.Elem())
	}
}

func (c *completion) named(t *types.Named) {
	pkg := t.Obj().Pkg()
	if pkg != nil && !pkg.Complete() && c.Listed[pkg.Path()] != nil && c.sources[c.Listed[pkg.Path()]] == nil {
		if _, err := c.Import(pkg.Path()); err != nil {
			c.err = err
			return
		}
	}
	for argument := range t.TypeArgs().Types() {
		c.visit(argument)
	}
	c.visit(t.Underlying())
}

func pathOf(object types.Object) string {
	if object.Pkg() == nil {
		return ""
	}
	return object.Pkg().Path()
}

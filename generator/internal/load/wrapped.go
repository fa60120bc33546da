package load

import (
	"context"
	"go/types"
	"path/filepath"
	"slices"

	"github.com/dualgen/dualgen/generator/internal/family"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/source"
)

// Tree is load of the requests' packages and of those of the wrappers that the requested ones hand out, however deep: a run may
// cover one line alone.
func Tree(ctx context.Context, config *source.Config, found *source.Found, more ...string) (*Program, error) {
	for {
		p, err := Packages(ctx, config, found, more...)
		if err != nil || len(found.Requests) == len(found.All) {
			return p, err
		}
		further := p.subPackages(found.Requests)
		if len(further) == 0 {
			return p, nil
		}
		more = append(more, further...)
	}
}

// subPackages are the packages that the wrappers which requests hand out need, and that are not loaded yet.
func (p *Program) subPackages(requests []*source.Request) []string {
	var packages []string
	seen := map[*source.Request]bool{}
	for queue := slices.Clone(requests); len(queue) > 0; queue = queue[1:] {
		r := queue[0]
		object := p.interfaceOf(r)
		if seen[r] || object == nil {
			continue
		}
		seen[r] = true
		iface, ok := object.Type().Underlying().(*types.Interface)
		if !ok {
			continue
		}
		for f := range iface.Methods() {
			if name := family.HandsOut(f.Signature()); name != nil {
				further := p.requestsNear(name)
				queue = append(queue, further...)
				packages = append(packages, patterns(further)...)
			}
		}
	}
	return slices.DeleteFunc(packages, func(pattern string) bool { return slices.Contains(p.asked, pattern) })
}

// requestsNear are the requests that may be for an interface: those for it, or, where its package is not loaded with its syntax, all
// in its directory.
func (p *Program) requestsNear(name *types.TypeName) []*source.Request {
	if exact := p.Wrapping(name); len(exact) > 0 || name.Pkg() == nil {
		return exact
	}
	pkg := p.Universe.Listed[name.Pkg().Path()]
	if pkg == nil || p.ByPath[pkg.PkgPath] != nil && len(pkg.Syntax) > 0 && slices.Contains(p.asked, pkg.Dir) || len(pkg.GoFiles) == 0 {
		return nil
	}
	dir := filepath.Dir(pkg.GoFiles[0])
	return slices.DeleteFunc(slices.Clone(p.all), func(r *source.Request) bool { return r.Dir() != dir })
}

// interfaceOf is the interface below a request; nil where it is not loaded.
func (p *Program) interfaceOf(r *source.Request) *types.TypeName {
	pkg, file := p.file(r.File)
	if pkg == nil || pkg.Types == nil || file == nil {
		return nil
	}
	s := &Subject{Request: r, Program: p, Reports: &report.List{}, Pkg: pkg, File: file}
	if !s.findSpec() {
		return nil
	}
	object, _ := pkg.Types.Scope().Lookup(s.Spec.Name.Name).(*types.TypeName)
	return object
}

// Wrapping are the requests for wrappers of an interface, of the whole module, whatever the run covers.
func (p *Program) Wrapping(name *types.TypeName) []*source.Request {
	p.wrapped.Do(func() {
		p.byInterface = map[*types.TypeName][]*source.Request{}
		for _, r := range p.all {
			if object := p.interfaceOf(r); object != nil {
				p.byInterface[object] = append(p.byInterface[object], r)
			}
		}
	})
	if all := p.byInterface[name]; len(all) > 0 || !name.IsAlias() {
		return all
	}
	if named, ok := types.Unalias(name.Type()).(*types.Named); ok {
		return p.byInterface[named.Origin().Obj()]
	}
	return nil
}

// IsWrapped reports whether a line of the module asks for a wrapper of an interface.
func (p *Program) IsWrapped(name *types.TypeName) bool { return len(p.Wrapping(name)) > 0 }

// HandingOut are the requests whose interfaces have a method that hands out another one, as far as they are loaded.
func (p *Program) HandingOut(name *types.TypeName) []*source.Request {
	return slices.DeleteFunc(slices.Clone(p.all), func(r *source.Request) bool {
		object := p.interfaceOf(r)
		if object == nil {
			return true
		}
		iface, ok := object.Type().Underlying().(*types.Interface)
		if !ok {
			return true
		}
		for f := range iface.Methods() {
			if family.HandsOut(f.Signature()) == name {
				return false
			}
		}
		return true
	})
}

// Beside are the other interfaces of a request's directory that lines ask for wrappers of.
func (p *Program) Beside(r *source.Request) []*types.TypeName {
	own := p.interfaceOf(r)
	var all []*types.TypeName
	for _, other := range p.all {
		if other.Dir() != r.Dir() {
			continue
		}
		if object := p.interfaceOf(other); object != nil && object != own && !slices.Contains(all, object) {
			all = append(all, object)
		}
	}
	return all
}

package printing

import (
	"go/types"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
)

// CodecField is the codec of a type parameter, in a field of the wrapper: d.codecK.
func CodecField(repo *plan.Repository, p *types.TypeParam, wrapper *jen.Statement) *jen.Statement {
	i := slices.IndexFunc(repo.Codecs, func(c plan.ParamCodec) bool { return c.Param == p })
	return wrapper.Dot(repo.Codecs[i].Field)
}

// Itself is what the stores are to the wrapper: the repository's interface, without the methods that hand out repositories of their
// own where it has some.
func (f *File) Itself(repo *plan.Repository) *jen.Statement {
	if repo.Names.Itself != "" {
		return Instance(repo.Names.Itself, repo.TypeParams)
	}
	return f.Typ(repo.Type)
}

// StoreType is the interface through which the wrapper sees both stores.
func (f *File) StoreType(repo *plan.Repository) *jen.Statement {
	if repo.Names.Stores != "" {
		return Instance(repo.Names.Stores, repo.TypeParams)
	}
	return f.Itself(repo)
}

// TypeText writes a type for people, with the names of other packages.
func TypeText(repo *plan.Repository, t types.Type) string {
	if named, ok := t.(*types.Named); ok && named.TypeArgs().Len() == 0 && named.TypeParams().Len() > 0 {
		t = types.NewNamed(named.Obj(), nil, nil) // without the constraints
	}
	return types.TypeString(t, func(pkg *types.Package) string {
		if pkg.Path() == repo.Output.Path {
			return ""
		}
		return pkg.Name()
	})
}

// Stores is the pointer to the wrapper's stores: &d.stores.
func Stores(repo *plan.Repository) *jen.Statement {
	return jen.Op("&").Id(repo.Names.Receiver).Dot("stores")
}

package templates

import (
	"go/types"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// A type parameter that is a key has a codec, which the constructor chooses and the wrapper holds. The functions for keys are
// given it: userKey(d.codecK, user.ID).

// codecs are the codecs that a function for keys takes first.
func (f *file) codecs(key *plan.FuncRef) []jen.Code {
	var args []jen.Code
	for _, p := range key.Codecs {
		args = append(args, f.codec(p))
	}
	return args
}

// codecField is the codec of a type parameter, in a field of the wrapper: d.codecK.
func codecField(repo *plan.Repository, p *types.TypeParam, wrapper *jen.Statement) *jen.Statement {
	i := slices.IndexFunc(repo.Codecs, func(c plan.ParamCodec) bool { return c.Param == p })
	return wrapper.Dot(repo.Codecs[i].Field)
}

// chosenCodec chooses the codec of a type parameter: dual.Must(convert.KeyCodecOf[K]()).
func (f *file) chosenCodec(p *types.TypeParam) *jen.Statement {
	return f.dual("Must").Call(f.convert("KeyCodecOf").Types(f.typ(p)).Call())
}

// constructorDoc says what the constructor does, and when it does not.
func constructorDoc(repo *plan.Repository) string {
	doc := repo.Names.Constructor + " wraps the old and the new store."
	for i, c := range repo.Codecs {
		name := c.Param.Obj().Name()
		if i == 0 {
			doc += " It panics if values of " + name
		} else {
			doc += ", or of " + name
		}
	}
	if len(repo.Codecs) > 0 {
		doc += " cannot be keys: see convert.KeyCodecOf."
	}
	return doc
}

// takeCodecs declares the codecs that a function takes first: codecK convert.KeyCodec[K].
func (b *body) takeCodecs(ref *plan.FuncRef) []jen.Code {
	b.codecs = map[*types.TypeParam]string{}
	var params []jen.Code
	for _, p := range ref.Codecs {
		name := b.local("codec" + upperFirst(p.Obj().Name()))
		b.codecs[p] = name
		params = append(params, jen.Id(name).Add(b.convert("KeyCodec")).Types(b.typ(p)))
	}
	return params
}

// codecCall calls the codec of a type parameter: codecK.Text(id).
func (b *body) codecCall(c plan.Codec, x jen.Code) *jen.Statement {
	name := "Text"
	if c.Parse {
		name = "Parse"
	}
	return jen.Id(b.codecs[c.Param]).Dot(name).Call(x)
}

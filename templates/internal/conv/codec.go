package conv

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/identifier"
	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// A type parameter that is a key has a codec, which the constructor chooses and the wrapper holds. The functions for keys are
// given it: userKey(d.codecK, user.ID).

// Codecs are the codecs that a function for keys takes first.
func Codecs(f *printing.File, key *plan.FuncRef) []jen.Code {
	var args []jen.Code
	for _, p := range key.Codecs {
		args = append(args, f.Codec(p))
	}
	return args
}

// ChosenCodec chooses the codec of a type parameter: dual.Must(convert.KeyCodecOf[K]()).
func ChosenCodec(f *printing.File, p *types.TypeParam) *jen.Statement {
	return f.Dual("Must").Call(f.Convert("KeyCodecOf").Types(f.Typ(p)).Call())
}

// ConstructorDoc says what the constructor does, and when it does not.
func ConstructorDoc(repo *plan.Repository) string {
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

// TakeCodecs declares the codecs that a function takes first: codecK convert.KeyCodec[K].
func (b *Body) TakeCodecs(ref *plan.FuncRef) []jen.Code {
	b.codecs = map[*types.TypeParam]string{}
	var params []jen.Code
	for _, p := range ref.Codecs {
		name := b.Local("codec" + identifier.UpperFirst(p.Obj().Name()))
		b.codecs[p] = name
		params = append(params, jen.Id(name).Add(b.Convert("KeyCodec")).Types(b.Typ(p)))
	}
	return params
}

// codecCall calls the codec of a type parameter: codecK.Text(id).
func (b *Body) codecCall(c plan.Codec, x jen.Code) *jen.Statement {
	name := "Text"
	if c.Parse {
		name = "Parse"
	}
	return jen.Id(b.codecs[c.Param]).Dot(name).Call(x)
}

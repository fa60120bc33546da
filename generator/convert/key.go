package convert

import (
	"fmt"
	"go/scanner"
	"go/token"
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/generator/plan"
)

// Key plans the key codec of an entity: the functions that write its parts as one readable text and read them back.
// Different parts give different texts.
func (p *Planner) Key(entity string, parts []Part, pos token.Position) (Key, scanner.ErrorList) {
	var codecs []plan.KeyCodec
	for _, part := range parts {
		codec, ok := p.keyCodec(part)
		if !ok {
			p.fail(pos, fmt.Sprintf("key of %s: %s cannot be a part of a key", entity, p.text(part.Type)),
				"a part is a string, a number, a bool, a UUID, a time, bytes, or a type with text marshalers; name its fields instead")
			continue
		}
		codec.Canon = part.Canon
		codecs = append(codecs, codec)
	}
	name := lowerFirst(entity) + "Key"
	var mentioned []types.Type
	for _, part := range parts {
		mentioned = append(mentioned, part.Type)
	}
	params, written := plan.TypeParamsIn(mentioned...), codecsOf(codecs)
	key := Key{
		Func:  &plan.FuncRef{Name: p.options.Name(name), TypeParams: params, Codecs: written},
		Parse: &plan.FuncRef{Name: p.options.Name("parse" + upperFirst(name)), Fallible: true, TypeParams: params, Codecs: written},
	}
	p.functions = append(p.functions,
		&plan.KeyFunc{Ref: key.Func, Kind: entity, Parts: codecs},
		&plan.ParseKeyFunc{Ref: key.Parse, Kind: entity, Parts: codecs},
	)
	return key, p.faults.take()
}

// keyForms say how a part is written and read, in the order of preference.
var keyForms = []struct {
	applies        func(types.Type) bool
	encode, decode func(types.Type) plan.Conv
}{
	{isTime, leafStep("KeyTime"), tryStep("ParseKeyTime")},
	{isUUID, leafStep("FormatUUID"), tryTyped("ParseUUID")},
	{either(isInteger, types.IsInteger), leafStep("FormatInt"), tryTyped("ParseInt")},
	{either(isString, types.IsString), toString, fromString},
	{either(isBool, types.IsBoolean), formatBool, parseBool},
	{isBytes, leafStep("KeyBytes"), parseBytes},
	{HasTextForm, leafStep("KeyText"), tryTyped("FromText")},
	{plan.NeedsCodec, codecStep(false), codecStep(true)},
}

// codecsOf are the type parameters that the codecs of a key's parts need a codec of the runtime for, each once.
func codecsOf(codecs []plan.KeyCodec) []*types.TypeParam {
	var params []*types.TypeParam
	var add func(plan.Conv)
	add = func(c plan.Conv) {
		switch c := c.(type) {
		case plan.Codec:
			if !slices.Contains(params, c.Param) {
				params = append(params, c.Param)
			}
		case plan.Chain:
			for _, step := range c {
				add(step)
			}
		}
	}
	for _, codec := range codecs {
		add(codec.Encode)
	}
	return params
}

func (p *Planner) keyCodec(part Part) (plan.KeyCodec, bool) {
	for _, form := range keyForms {
		if form.applies(part.Type) {
			return plan.KeyCodec{
				Name: part.Name, Type: part.Type, Encode: form.encode(part.Type), Decode: form.decode(part.Type),
			}, true
		}
	}
	return p.madeCodec(part)
}

// madeCodec writes the value that a constructor makes a part of, and makes it again.
func (p *Planner) madeCodec(part Part) (plan.KeyCodec, bool) {
	value := p.MadeOf(part.Type)
	if value == nil {
		return plan.KeyCodec{}, false
	}
	codec, ok := p.keyCodec(Part{Name: part.Name, Type: value})
	a := p.accessOf(part.Type, "")
	read, _ := a.columns[0].value()
	codec.Type, codec.Encode, codec.Decode = part.Type, then(read, codec.Encode), then(codec.Decode, a.call(""))
	return codec, ok && !plan.Fallible(read) && !a.maker.ref().Context
}

// either says whether a type is as asked, or a type parameter whose types all are of a kind.
func either(is func(types.Type) bool, kind types.BasicInfo) func(types.Type) bool {
	return func(t types.Type) bool { return is(t) || isTypeParam(t) && plan.BasicInfo(t)&kind != 0 }
}

func isBool(t types.Type) bool { return basicInfo(t)&types.IsBoolean != 0 }

// HasTextForm reports whether the values of a type are written as text, and read back, by methods of its own. It leaves out what
// may be written by the marshaler of one of its fields: different keys would have one text.
func HasTextForm(t types.Type) bool { return plan.MarshalsText(t) && !plan.PromotesText(t) }

func codecStep(parse bool) func(types.Type) plan.Conv {
	return func(t types.Type) plan.Conv {
		return plan.Codec{Param: types.Unalias(t).(*types.TypeParam), Parse: parse}
	}
}

func leafStep(name string) func(types.Type) plan.Conv {
	return func(types.Type) plan.Conv { return plan.Apply{Func: leaf(name)} }
}

func tryStep(name string) func(types.Type) plan.Conv {
	return func(types.Type) plan.Conv { return plan.Apply{Func: tryLeaf(name)} }
}

func tryTyped(name string) func(types.Type) plan.Conv {
	return func(t types.Type) plan.Conv { return plan.Apply{Func: tryLeaf(name), Types: []types.Type{t}} }
}

func toString(t types.Type) plan.Conv   { return cast(t, types.Typ[types.String]) }
func fromString(t types.Type) plan.Conv { return cast(types.Typ[types.String], t) }

func formatBool(t types.Type) plan.Conv {
	format := &plan.FuncRef{Name: "FormatBool", Package: types.NewPackage("strconv", "strconv")}
	return then(cast(t, types.Typ[types.Bool]), plan.Apply{Func: format})
}

func parseBool(t types.Type) plan.Conv {
	return then(plan.Apply{Func: tryLeaf("ParseBool")}, cast(types.Typ[types.Bool], t))
}

func parseBytes(t types.Type) plan.Conv {
	return then(plan.Apply{Func: tryLeaf("ParseKeyBytes")}, cast(types.NewSlice(types.Typ[types.Byte]), t))
}

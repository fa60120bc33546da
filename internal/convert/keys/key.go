// Package keys plans how the parts of a key are written as one text and read back.
package keys

import (
	"fmt"
	"go/scanner"
	"go/token"
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/internal/convert/access"
	"github.com/dualgen/dualgen/internal/convert/build"
	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/identifier"
	"github.com/dualgen/dualgen/internal/plan"
)

// Codec plans the key codec of an entity: the functions that write its parts as one readable text and read them back.
// Different parts give different texts.
func Codec(p *access.Planner, entity string, parts []Part, pos token.Position) (Key, scanner.ErrorList) {
	var codecs []plan.KeyCodec
	for _, part := range parts {
		codec, ok := keyCodec(p, part)
		if !ok {
			p.Faults.Add(pos, fmt.Sprintf("key of %s: %s cannot be a part of a key", entity, p.Text(part.Type)),
				"a part is a string, a number, a bool, a UUID, a time, bytes, or a type with text marshalers; name its fields instead")
			continue
		}
		codec.Canon = part.Canon
		codecs = append(codecs, codec)
	}
	name := identifier.LowerFirst(entity) + "Key"
	var mentioned []types.Type
	for _, part := range parts {
		mentioned = append(mentioned, part.Type)
	}
	params, written := plan.TypeParamsIn(mentioned...), codecsOf(codecs)
	key := Key{
		Func:  &plan.FuncRef{Name: p.Name(name), TypeParams: params, Codecs: written},
		Parse: &plan.FuncRef{Name: p.Name("parse" + identifier.UpperFirst(name)), Fallible: true, TypeParams: params, Codecs: written},
	}
	p.Functions = append(p.Functions,
		&plan.KeyFunc{Ref: key.Func, Kind: entity, Parts: codecs},
		&plan.ParseKeyFunc{Ref: key.Parse, Kind: entity, Parts: codecs},
	)
	return key, p.Faults.Take()
}

// keyForms say how a part is written and read, in the order of preference.
var keyForms = []struct {
	applies        func(types.Type) bool
	encode, decode func(types.Type) plan.Conv
}{
	{gotype.IsTime, leafStep("KeyTime"), tryStep("ParseKeyTime")},
	{gotype.IsUUID, leafStep("FormatUUID"), tryTyped("ParseUUID")},
	{either(gotype.IsInteger, types.IsInteger), leafStep("FormatInt"), tryTyped("ParseInt")},
	{either(gotype.IsString, types.IsString), toString, fromString},
	{either(gotype.IsBool, types.IsBoolean), formatBool, parseBool},
	{gotype.IsBytes, leafStep("KeyBytes"), parseBytes},
	{gotype.HasTextForm, leafStep("KeyText"), tryTyped("ParseKeyText")},
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

func keyCodec(p *access.Planner, part Part) (plan.KeyCodec, bool) {
	for _, form := range keyForms {
		if form.applies(part.Type) {
			return plan.KeyCodec{
				Name: part.Name, Type: part.Type, Encode: form.encode(part.Type), Decode: form.decode(part.Type),
			}, true
		}
	}
	return madeCodec(p, part)
}

// madeCodec writes the value that a constructor makes a part of, and makes it again.
func madeCodec(p *access.Planner, part Part) (plan.KeyCodec, bool) {
	value := p.MadeOf(part.Type)
	if value == nil {
		return plan.KeyCodec{}, false
	}
	codec, ok := keyCodec(p, Part{Name: part.Name, Type: value})
	a := p.AccessOf(part.Type, "")
	read, _ := a.Columns[0].Value()
	codec.Type, codec.Encode, codec.Decode = part.Type, build.Then(read, codec.Encode), build.Then(codec.Decode, a.Call(""))
	return codec, ok && !plan.Fallible(read) && !a.Maker.Ref().Context
}

// either says whether a type is as asked, or a type parameter whose types all are of a kind.
func either(is func(types.Type) bool, kind types.BasicInfo) func(types.Type) bool {
	return func(t types.Type) bool { return is(t) || gotype.IsTypeParam(t) && plan.BasicInfo(t)&kind != 0 }
}

func codecStep(parse bool) func(types.Type) plan.Conv {
	return func(t types.Type) plan.Conv {
		return plan.Codec{Param: types.Unalias(t).(*types.TypeParam), Parse: parse}
	}
}

func leafStep(name string) func(types.Type) plan.Conv {
	return func(types.Type) plan.Conv { return plan.Apply{Func: build.Leaf(name)} }
}

func tryStep(name string) func(types.Type) plan.Conv {
	return func(types.Type) plan.Conv { return plan.Apply{Func: build.TryLeaf(name)} }
}

func tryTyped(name string) func(types.Type) plan.Conv {
	return func(t types.Type) plan.Conv { return plan.Apply{Func: build.TryLeaf(name), Types: []types.Type{t}} }
}

func toString(t types.Type) plan.Conv { return build.Cast(t, types.Typ[types.String]) }

func fromString(t types.Type) plan.Conv { return build.Cast(types.Typ[types.String], t) }

func formatBool(t types.Type) plan.Conv {
	format := &plan.FuncRef{Name: "FormatBool", Package: types.NewPackage("strconv", "strconv")}
	return build.Then(build.Cast(t, types.Typ[types.Bool]), plan.Apply{Func: format})
}

func parseBool(t types.Type) plan.Conv {
	return build.Then(plan.Apply{Func: build.TryLeaf("ParseBool")}, build.Cast(types.Typ[types.Bool], t))
}

func parseBytes(t types.Type) plan.Conv {
	return build.Then(plan.Apply{Func: build.TryLeaf("ParseKeyBytes")}, build.Cast(types.NewSlice(types.Typ[types.Byte]), t))
}

// Part is one part of an entity's key.
type Part struct {
	Name  string // of the parameter in the key function
	Type  types.Type
	Canon *plan.FuncRef // what makes the stores' own form of a value; nil for none
}

// Key is an entity's pair of key functions.
type Key struct {
	Func  *plan.FuncRef // func(parts...) dual.Key
	Parse *plan.FuncRef // func(dual.Key) (parts..., error)
}

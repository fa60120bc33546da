package templates

import (
	"fmt"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// keyFunc makes an entity's key of its parts:
//
//	func packageKey(tenant string, number int) dual.Key {
//		return dual.Key{Kind: "Package", ID: convert.JoinKey(tenant, convert.FormatInt(number))}
//	}
func (f *file) keyFunc(repo *plan.Repository, fn *plan.KeyFunc) *jen.Statement {
	b := f.newBody()
	params := b.takeCodecs(fn.Ref)
	var texts []jen.Code
	for _, part := range fn.Parts {
		name := b.local(part.Name)
		params = append(params, jen.Id(name).Add(f.typ(part.Type)))
		value := jen.Id(name)
		if part.Canon != nil {
			value = b.ref(part.Canon).Call(value)
		}
		texts = append(texts, b.closure(part.Encode, value))
	}
	entries := []jen.Code{jen.Id("Kind").Op(":").Lit(fn.Kind)}
	switch len(texts) {
	case 0:
	case 1:
		entries = append(entries, jen.Id("ID").Op(":").Add(texts[0]))
	default:
		entries = append(entries, jen.Id("ID").Op(":").Add(f.convert("JoinKey").Call(texts...)))
	}
	doc := fmt.Sprintf("%s is the key of %s in the journal.", fn.Ref.Name, withArticle(fn.Kind))
	return commented([]string{doc}, f.declare(fn.Ref).Params(params...).Add(f.dual("Key")).
		Block(jen.Return(f.dual("Key").Values(entries...))))
}

// parseKeyFunc makes the parts of a key:
//
//	func parsePackageKey(key dual.Key) (string, int, error) {
//		parts, err := convert.SplitKey(key.ID, 2)
//		if err != nil {
//			return "", 0, err
//		}
//		number, err := convert.ParseInt[int](parts[1])
//		if err != nil {
//			return "", 0, convert.At("number", err)
//		}
//		return parts[0], number, nil
//	}
func (f *file) parseKeyFunc(repo *plan.Repository, fn *plan.ParseKeyFunc) *jen.Statement {
	b := f.newBody()
	params := b.takeCodecs(fn.Ref)
	key := b.local("key")
	var results, zeros []jen.Code
	for _, part := range fn.Parts {
		results = append(results, f.typ(part.Type))
		zeros = append(zeros, f.zero(part.Type))
	}
	b.fail = func(err jen.Code, where string) jen.Code {
		if where != "" {
			err = f.convert("At").Call(jen.Lit(where), err)
		}
		return jen.Return(append(zeros[:len(zeros):len(zeros)], err)...)
	}
	values := make([]jen.Code, 0, len(fn.Parts)+1)
	text := b.keyTexts(key, len(fn.Parts))
	for i, part := range fn.Parts {
		values = append(values, b.value(part.Decode, text(i), part.Name, part.Name))
	}
	b.add(jen.Return(append(values, jen.Nil())...))
	doc := fmt.Sprintf("%s reads what made the key of %s.", fn.Ref.Name, withArticle(fn.Kind))
	return commented([]string{doc}, f.declare(fn.Ref).Params(append(params, jen.Id(key).Add(f.dual("Key")))...).
		Params(append(results, jen.Error())...).Block(b.statements...))
}

// keyTexts splits a key's text if it has several parts, and says where each part's text is.
func (b *body) keyTexts(key string, n int) func(i int) jen.Code {
	id := jen.Id(key).Dot("ID")
	if n <= 1 {
		return func(int) jen.Code { return id }
	}
	parts := b.local("parts")
	b.add(
		jen.List(jen.Id(parts), jen.Id(b.err)).Op(":=").Add(b.convert("SplitKey")).Call(id, jen.Lit(n)),
		jen.If(jen.Id(b.err).Op("!=").Nil()).Block(b.fail(jen.Id(b.err), "")),
	)
	return func(i int) jen.Code { return jen.Id(parts).Index(jen.Lit(i)) }
}

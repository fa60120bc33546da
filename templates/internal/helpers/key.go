package helpers

import (
	"fmt"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/conv"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// keyFunc makes an entity's key of its parts:
//
//	func packageKey(tenant string, number int) dual.Key {
//		return dual.Key{Kind: "Package", ID: convert.JoinKey(tenant, convert.FormatInt(number))}
//	}
func keyFunc(f *printing.File, repo *plan.Repository, fn *plan.KeyFunc) *jen.Statement {
	b := conv.NewBody(f)
	params := b.TakeCodecs(fn.Ref)
	var texts []jen.Code
	for _, part := range fn.Parts {
		name := b.Local(part.Name)
		params = append(params, jen.Id(name).Add(f.Typ(part.Type)))
		value := jen.Id(name)
		if part.Canon != nil {
			value = b.Ref(part.Canon).Call(value)
		}
		texts = append(texts, b.Closure(part.Encode, value))
	}
	entries := []jen.Code{jen.Id("Kind").Op(":").Lit(fn.Kind)}
	switch len(texts) {
	case 0:
	case 1:
		entries = append(entries, jen.Id("ID").Op(":").Add(texts[0]))
	default:
		entries = append(entries, jen.Id("ID").Op(":").Add(f.Convert("JoinKey").Call(texts...)))
	}
	doc := fmt.Sprintf("%s is the key of %s in the journal.", fn.Ref.Name, printing.WithArticle(fn.Kind))
	return printing.Commented([]string{doc}, f.Declare(fn.Ref).Params(params...).Add(f.Dual("Key")).
		Block(jen.Return(f.Dual("Key").Values(entries...))))
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
func parseKeyFunc(f *printing.File, repo *plan.Repository, fn *plan.ParseKeyFunc) *jen.Statement {
	b := conv.NewBody(f)
	params := b.TakeCodecs(fn.Ref)
	key := b.Local("key")
	var results, zeros []jen.Code
	for _, part := range fn.Parts {
		results = append(results, f.Typ(part.Type))
		zeros = append(zeros, f.Zero(part.Type))
	}
	b.Fail = func(err jen.Code, where string) jen.Code {
		if where != "" {
			err = f.Convert("At").Call(jen.Lit(where), err)
		}
		return jen.Return(append(zeros[:len(zeros):len(zeros)], err)...)
	}
	values := make([]jen.Code, 0, len(fn.Parts)+1)
	text := b.KeyTexts(key, len(fn.Parts))
	for i, part := range fn.Parts {
		values = append(values, b.Value(part.Decode, text(i), part.Name, part.Name))
	}
	b.Add(jen.Return(append(values, jen.Nil())...))
	doc := fmt.Sprintf("%s reads what made the key of %s.", fn.Ref.Name, printing.WithArticle(fn.Kind))
	return printing.Commented([]string{doc}, f.Declare(fn.Ref).Params(append(params, jen.Id(key).Add(f.Dual("Key")))...).
		Params(append(results, jen.Error())...).Block(b.Statements...))
}

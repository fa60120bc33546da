package conv

import (
	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// Fields writes the entries of a struct's literal, and before it what can fail in them.
func (b *Body) Fields(fields []plan.FieldConv, param string) []printing.Entry {
	entries := make([]printing.Entry, 0, len(fields))
	for _, field := range fields {
		if field.Nested != nil {
			nested := printing.Literal(b.Typ(field.Type), b.Fields(field.Nested, param)...)
			entries = append(entries, printing.Entry{Name: field.Name, Value: nested})
			continue
		}
		entries = append(entries, printing.Entry{Name: field.Name, Value: b.Field(field, param)})
	}
	return entries
}

// Field writes what becomes a field.
func (b *Body) Field(field plan.FieldConv, param string) jen.Code {
	source := jen.Id(param)
	for _, name := range field.Source {
		source.Dot(name)
	}
	return b.Value(field.Conv, source, localName(field.Name), field.Path)
}

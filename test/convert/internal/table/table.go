// Package table keeps structs in tables of the four servers, a column for each field. It knows nothing of what the fields are: what
// the drivers make of them, and what the servers make of that, is what the tests look at.
package table

import (
	"errors"
	"reflect"
	"strings"
)

// ErrNoRow is returned where there is no row of that id.
var ErrNoRow = errors.New("no such row")

// Column is one field of a row: the column's type is the field's tag `column`.
type Column struct {
	Field string
	Name  string
	Type  string
	Go    reflect.Type
}

// Columns are those of a row's type. The first is the key.
func Columns(row reflect.Type) []Column {
	var all []Column
	for i := range row.NumField() {
		f := row.Field(i)
		all = append(all, Column{Field: f.Name, Name: strings.ToLower(f.Name), Type: f.Tag.Get("column"), Go: f.Type})
	}
	return all
}

// table is what the tables of all servers have in common.
type table struct{ columns []Column }

func of[R any]() table { return table{Columns(reflect.TypeFor[R]())} }

// names lists the columns, quoted.
func (t table) names(quote string) string {
	var names []string
	for _, c := range t.columns {
		names = append(names, quote+c.Name+quote)
	}
	return strings.Join(names, ", ")
}

// define lists the columns with their types.
func (t table) define(quote string) string {
	var list []string
	for i, c := range t.columns {
		text := quote + c.Name + quote + " " + c.Type
		if i == 0 {
			text += " PRIMARY KEY"
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}

// places lists a placeholder for each column.
func (t table) places(place func(int) string) string {
	var list []string
	for i := range t.columns {
		list = append(list, place(i+1))
	}
	return strings.Join(list, ", ")
}

func question(int) string { return "?" }

// values are a row's fields.
func values[R any](row R) []any {
	v := reflect.ValueOf(row)
	list := make([]any, v.NumField())
	for i := range list {
		list[i] = v.Field(i).Interface()
	}
	return list
}

// targets are pointers to a row's fields.
func targets[R any](row *R) []any {
	v := reflect.ValueOf(row).Elem()
	list := make([]any, v.NumField())
	for i := range list {
		list[i] = v.Field(i).Addr().Interface()
	}
	return list
}

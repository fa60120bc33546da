package convert_test

import (
	"fmt"
	"reflect"
	"testing"
)

// TestAsItIs: while the wrapper uses one store, what it hands on of a type that the store has too is stored as it would be without
// the wrapper: the columns' texts, as the server writes them, are the same.
func TestAsItIs(t *testing.T) {
	for name, open := range migrations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := open(t)
			base := m.base(t)
			m.plain(t, base)
			compared := 0
			for _, p := range m.pairs() {
				for side, c := range p.columns {
					if c.Go != p.field.Type || c.Type == "counter" {
						continue
					}
					plain, err := m.direct[side].get(t.Context(), "plain")
					if err != nil {
						t.Fatal(err)
					}
					for i, v := range p.values() {
						compared += p.asItIs(t, side, fmt.Sprint("as", side, c.Name, i), base, plain, v)
					}
				}
			}
			if compared < 100 {
				t.Errorf("%d values were compared, which are too few", compared)
			}
		})
	}
}

// asItIs writes a value through the wrapper and without it, and says how many values that were: none if both were refused.
func (p pair) asItIs(t *testing.T, side int, id string, base, plain, v any) int {
	ctx := t.Context()
	_, facts := p.expected(side, v)
	if r := refusing(facts, false); r != nil && r.fails != nil {
		return 0 // by a directive that speaks of both stores
	}
	row := reflect.New(p.m.rows[side]).Elem()
	row.Set(reflect.ValueOf(plain))
	row.Field(0).SetString(id + "direct")
	assign(row.FieldByName(p.field.Name), v)
	wrapped, direct := p.m.only[side].put(ctx, p.with(base, id, v)), p.m.direct[side].put(ctx, row.Interface())
	if direct != nil && wrapped != nil {
		return 0
	}
	if direct != nil || wrapped != nil {
		t.Errorf("%s: %s: the wrapper says %v, the store %v", p.name(), show(v), wrapped, direct)
		return 0
	}
	one, err := p.m.text[side](ctx, id, p.columns[side].Name)
	other, err2 := p.m.text[side](ctx, id+"direct", p.columns[side].Name)
	if one != other || err != nil || err2 != nil {
		t.Errorf("%s in %s of %s: %s: stored as %s by the wrapper, as %s without it (%v, %v)", p.name(), p.columns[side].Type, p.m.servers[side], show(v), one, other, err, err2)
	}
	return 1
}

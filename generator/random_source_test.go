package generator

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// The pools that interfaces are made of.
var (
	randomVerbs = []string{"Get", "Find", "List", "Count", "Save", "Put", "Create", "Update", "Delete", "Remove", "Purge", "Process", "Pop",
		"Increment", "GetOrCreate", "Close", "Each", "Has", "Rename", "Commit", "Peek"}
	randomNouns  = []string{"", "", "Item", "Items", "ByID", "Box", "All", "Name", "Boxes", "Stale", "Len", "Type"}
	randomParams = []string{"", "_", "id", "key", "ctx", "err", "time", "len", "store", "call", "d", "dual", "error", "value", "old", "new",
		"string", "nil", "any", "item", "errors", "context", "append", "found", "migration", "iter", "true"}
	randomTypes = []string{"string", "string", "int64", "[]byte", "bool", "time.Time", "Item", "Item", "*Item", "[]Item", "[]*Item", "map[string]Item",
		"func(Item) Item", "func(*Item) error", "chan Item", "io.Reader", "any", "error", "[]string", "[16]byte", "ID", "struct{ X int }",
		"interface{ String() string }", "Box[string]", "*Box[Item]", "hidden", "**Item", "[2]Item", "func() (Item, error)", "Set"}
	randomResults = append([]string{"iter.Seq[Item]", "iter.Seq2[Item, error]", "iter.Seq2[string, Item]"}, randomTypes...)
	randomSaid    = []string{"read", "write", "delete", "primary", "lifecycle", "key none", "key list List", "key list ListItems", "key id", "mirror replay", "mirror copy", "mirror skip", "entity Item", "entity Box"}
	randomHeads   = []string{"entity Item key=ID", "entity Item key=Name,ID", "entity Item key=none get=none put=none delete=none",
		"entity Item delete=none", "entity Box key=Key", "entity Thing key=id get=none put=none delete=none", "notfound ErrMissing",
		"compare unordered", "compare ignore=Name"}
)

// randomCounterparts are types that a store may have in the place of the interface's; a type without any has itself.
var randomCounterparts = map[string][]string{
	"string": {"string", "Key", "[]byte", "*string", "sql.NullString"}, "int64": {"int64", "int32", "*int64", "float64"},
	"[]byte": {"[]byte", "string"}, "bool": {"bool", "*bool"}, "time.Time": {"time.Time", "*time.Time", "int64"},
	"Item": {"Row", "Row", "*Row"}, "*Item": {"*Row", "Row"}, "[]Item": {"[]Row", "[]*Row"}, "[]*Item": {"[]Row", "[]*Row"},
	"map[string]Item": {"map[string]Row", "map[Key]*Row"}, "[2]Item": {"[2]Row", "[]Row"}, "**Item": {"**Row"},
	"func(Item) Item": {"func(Row) Row", "func(*Row) Row"}, "func(*Item) error": {"func(*Row) error", "func(Row) error"},
	"func() (Item, error)": {"func() (Row, error)"}, "chan Item": {"chan Row"}, "[]string": {"[]string", "[]Key", "map[string]struct{}"},
	"ID": {"string", "Key"}, "Box[string]": {"Bag"}, "*Box[Item]": {"*Bag"}, "hidden": {"Bag"}, "Set": {"[]string", "map[Key]struct{}"},
	"struct{ X int }": {"struct{ X int }", "struct{ X int64 }"}, "iter.Seq[Item]": {"iter.Seq[Row]"},
	"iter.Seq2[Item, error]":  {"iter.Seq2[Row, error]", "iter.Seq2[*Row, error]"},
	"iter.Seq2[string, Item]": {"iter.Seq2[Key, Row]", "iter.Seq2[string, *Row]"},
}

// randomCounterpart is what a store has in the place of a type.
func randomCounterpart(typ string, pick func([]string) string) string {
	if rest, ok := strings.CutPrefix(typ, "..."); ok {
		return "..." + randomCounterpart(rest, pick)
	}
	if others, ok := randomCounterparts[typ]; ok {
		return pick(others)
	}
	return typ
}

// randomMethod is a method of an interface and of a store.
type randomMethod struct {
	said    []string
	name    string
	named   bool
	params  [][2]string // name and type
	results []string
}

// randomPlain are the methods that make most of the others work.
func randomPlain() []randomMethod {
	ctx := [2]string{"ctx", "context.Context"}
	return []randomMethod{
		{name: "Get", named: true, params: [][2]string{ctx, {"id", "string"}}, results: []string{"*Item", "error"}},
		{name: "Save", named: true, params: [][2]string{ctx, {"item", "Item"}}, results: []string{"error"}},
		{name: "Delete", named: true, params: [][2]string{ctx, {"id", "string"}}, results: []string{"error"}},
	}
}

// randomKeyed are those of a store whose values lie beside their keys.
func randomKeyed(key, value string) []randomMethod {
	ctx := [2]string{"ctx", "context.Context"}
	return []randomMethod{
		{name: "Get", named: true, params: [][2]string{ctx, {"key", key}}, results: []string{value, "bool", "error"}},
		{name: "Save", named: true, params: [][2]string{ctx, {"key", key}, {"value", value}}, results: []string{"error"}},
		{name: "Delete", named: true, params: [][2]string{ctx, {"key", key}}, results: []string{"error"}},
	}
}

// randomCommon are the methods that most interfaces have.
func randomCommon(random *rand.Rand, pick func([]string) string) []randomMethod {
	switch random.IntN(8) {
	case 0:
		return nil
	case 1:
		return randomKeyed(pick([]string{"ID", "string", "[20]byte"}), pick([]string{"Item", "*Item", "[]byte", "Box[string]", "string", "any"}))
	}
	return randomPlain()
}

// signature is the method as Go spells it.
func (m randomMethod) signature() string {
	var params []string
	for _, p := range m.params {
		if !m.named {
			p[0] = ""
		}
		params = append(params, strings.TrimSpace(p[0]+" "+p[1]))
	}
	return fmt.Sprintf("%s(%s) (%s)", m.name, strings.Join(params, ", "), strings.Join(m.results, ", "))
}

// stored is the store's method: with types of its own, and sometimes without the context or the error.
func (m randomMethod) stored(random *rand.Rand, pick func([]string) string) string {
	var params [][2]string
	for i, p := range m.params {
		if p[1] != "context.Context" || random.IntN(8) > 0 {
			params = append(params, [2]string{fmt.Sprintf("p%d", i), randomCounterpart(p[1], pick)})
		}
	}
	var results []string
	for i, r := range m.results {
		if r == "error" && i == len(m.results)-1 && random.IntN(8) == 0 {
			break
		}
		results = append(results, randomCounterpart(r, pick))
	}
	m.params, m.results, m.named = params, results, true
	return m.signature()
}

// randomImports is at the head of both packages.
const randomImports = `
import (
	"context"
	"database/sql"
	"errors"
	"io"
	"iter"
	"time"
)

var (
	_          context.Context
	_          io.Reader
	_          iter.Seq[int]
	_          time.Time
	_          sql.NullString
	ErrMissing = errors.New("missing")
)
`

// randomPackage is a package with one interface, and sometimes the package of a store that has other types.
func randomPackage(random *rand.Rand, n int) (source, store string) {
	pick := func(pool []string) string { return pool[random.IntN(len(pool))] }
	methods := randomCommon(random, pick)
	names := map[string]bool{"Get": true, "Save": true, "Delete": true}
	for range 1 + random.IntN(4) {
		m := randomMethod{name: pick(randomVerbs) + pick(randomNouns), said: randomDirectives(random, pick), named: random.IntN(4) > 0}
		if names[m.name] {
			continue
		}
		names[m.name] = true
		m.params, m.results = randomParameters(random, pick, m.named), randomTuple(random, pick)
		methods = append(methods, m)
	}
	var flags, params string
	switch random.IntN(5) {
	case 0, 1:
		flags, store = " -new ./db.Store", randomStore(random, pick, methods)
	case 2:
		params = "[" + pick(randomConstraints) + "]"
		if random.IntN(2) == 0 && len(methods) > 3 {
			copy(methods, randomKeyed("K", pick([]string{"T", "*T", "Box[T]"})))
		}
		makeGeneric(methods)
	}
	var w strings.Builder
	fmt.Fprintf(&w, `package r%d
%s
type (
	ID     string
	hidden struct{ text string }
	Set    map[ID]struct{}
	Item   struct {
		ID   string
		Name string
		At   time.Time
		More []*Item
	}
	Box[T any] struct {
		Key   string
		Value T
	}
)

//go:generate go tool dualgen%s
`, n, randomImports, flags)
	switch head := pick(randomHeads); {
	case random.IntN(4) == 0:
		fmt.Fprintf(&w, "//dualgen:%s\n", head)
	case store != "": // what each such store would be asked
		fmt.Fprint(&w, "//dualgen:notfound ErrMissing new=db.ErrMissing\n")
	}
	fmt.Fprintf(&w, "type Store%s interface {\n", params)
	for _, m := range methods {
		for _, said := range m.said {
			fmt.Fprintf(&w, "\t//dualgen:%s\n", said)
		}
		fmt.Fprintf(&w, "\t%s\n", m.signature())
	}
	fmt.Fprint(&w, "}\n")
	return w.String(), store
}

// randomConstraints are type parameters K and T.
var randomConstraints = []string{"K ~string, T any", "K ~int32 | ~int64, T comparable", "K comparable, T interface{ ~[]byte | ~string }", "K comparable, T any", "K ~string | ~[16]byte, T comparable",
	"K ID, T interface{ String() string }", "K string, T interface{ *Item }", "K interface{ comparable; error }, T ~struct{ X int }"}

// makeGeneric puts type parameters in the place of some types.
func makeGeneric(methods []randomMethod) {
	generic := map[string]string{"any": "T", "ID": "K", "bool": "K", "Box[string]": "Box[T]", "[]string": "[]T", "hidden": "*T", "[2]Item": "map[K]T",
		"iter.Seq[Item]": "iter.Seq[T]", "func(Item) Item": "func(T) (K, error)", "string": "K"}
	for _, m := range methods[min(3, len(methods)):] { // the plain ones stay
		for i := range m.params {
			if g := generic[m.params[i][1]]; g != "" && m.params[i][0] != "K" {
				m.params[i][1] = g
			}
		}
		for i := range m.results {
			if g := generic[m.results[i]]; g != "" {
				m.results[i] = g
			}
		}
	}
}

// randomStore is a package with a store for the methods.
func randomStore(random *rand.Rand, pick func([]string) string, methods []randomMethod) string {
	var w strings.Builder
	fmt.Fprintf(&w, `package db
%s
type (
	Key string
	Bag struct{ Key string }
	Row struct {
		ID   %s
		Name %s
		At   time.Time
		More []*Row
	}
)

type Store struct{}
`, randomImports, pick([]string{"string", "Key", "string"}), pick([]string{"string", "*string", "sql.NullString"}))
	for _, m := range methods {
		fmt.Fprintf(&w, "\nfunc (%sStore) %s { panic(0) }\n", pick([]string{"", "*"}), m.stored(random, pick))
	}
	return w.String()
}

// randomDirectives stand above a method: mostly such as leave no question open.
func randomDirectives(random *rand.Rand, pick func([]string) string) []string {
	switch random.IntN(8) {
	case 0:
		return []string{pick(randomSaid)}
	case 1:
		return nil
	case 2, 3:
		return []string{"read"}
	case 4:
		return []string{"primary"}
	default:
		return []string{"write", "entity Item", "key none"}
	}
}

// randomParameters is a list of parameters.
func randomParameters(random *rand.Rand, pick func([]string) string, named bool) [][2]string {
	var params [][2]string
	taken := map[string]bool{}
	if random.IntN(3) > 0 {
		params = append(params, [2]string{"ctx", "context.Context"})
		taken["ctx"] = true
	}
	count := random.IntN(4)
	for i := range count {
		name, typ := pick(randomParams), pick(randomTypes)
		if name == "" || taken[name] && name != "_" {
			name = fmt.Sprintf("p%d", i)
		}
		if strings.Contains(typ, name) {
			name += "1" // a parameter may not hide the type of one that follows
		}
		taken[name] = true
		if i == count-1 && random.IntN(4) == 0 {
			typ = "..." + typ
		}
		params = append(params, [2]string{name, typ})
	}
	return params
}

// randomTuple is a list of results.
func randomTuple(random *rand.Rand, pick func([]string) string) []string {
	var results []string
	for range random.IntN(3) {
		results = append(results, pick(randomResults))
	}
	if random.IntN(4) > 0 {
		results = append(results, "error")
	}
	return results
}

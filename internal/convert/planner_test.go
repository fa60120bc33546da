package convert_test

import (
	"go/scanner"
	"go/token"
	"go/types"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/packages"

	"github.com/dualgen/dualgen/internal/convert"
	"github.com/dualgen/dualgen/internal/convert/given"
	"github.com/dualgen/dualgen/internal/plan"
)

// cases is the package of testdata, loaded once.
var cases = sync.OnceValues(func() (*types.Package, error) {
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedTypes | packages.NeedImports | packages.NeedSyntax | packages.NeedTypesInfo,
	}, "./testdata")
	if err != nil {
		return nil, err
	}
	if len(loaded[0].Errors) > 0 {
		return nil, loaded[0].Errors[0]
	}
	return loaded[0].Types, nil
})

func casesPackage(t *testing.T) *types.Package {
	pkg, err := cases()
	require.NoError(t, err)
	return pkg
}

func newPlanner(t *testing.T, options given.Options) *convert.Planner {
	options.Name = func(base string) string { return base }
	options.Package = casesPackage(t)
	return convert.New(options)
}

func messages(list scanner.ErrorList) []string {
	var all []string
	for _, e := range list {
		all = append(all, e.Msg)
	}
	return all
}

// TestDiagnostics: what cannot be converted without loss is refused, with all faults at once, the same in both
// directions, and with the directive that settles it.
func TestDiagnostics(t *testing.T) {
	for _, c := range []struct {
		name    string // the types Name and NameRow
		options given.Options
		want    []string
	}{
		{name: "Lost", want: []string{
			"old store: Lost.Search has no counterpart in LostRow, so it would be lost\n\tsay //dualgen:field Lost.Search old=NAME, or //dualgen:ignore old.Lost.Search",
		}},
		{name: "Lost", options: given.Options{Ignores: []given.Ignore{{Side: "old", Path: "Lost.Search"}}}},
		{name: "Lost", options: given.Options{Ignores: []given.Ignore{{Path: "Lost.Search"}}}},
		{name: "Empty", want: []string{
			"old store: EmptyRow.Source has no counterpart in Empty, so it would be left empty\n\tsay //dualgen:field Empty.NAME old=Source, or //dualgen:ignore old.EmptyRow.Source",
		}},
		{name: "Empty", options: given.Options{Ignores: []given.Ignore{{Side: "old", Path: "EmptyRow.Source"}}}},
		{name: "Ambiguous", want: []string{
			"old store: Ambiguous.FullName matches several fields of AmbiguousRow: Full_Name, FULLNAME\n\tsay //dualgen:field Ambiguous.FullName old=Full_Name",
		}},
		{name: "Crossed", want: []string{
			"old store: CrossedRow.Name has the name of Crossed.Name, but its tag names Title\n\tsay //dualgen:field Crossed.Name old=Name, or old=Title",
		}},
		{name: "Epoch", want: []string{
			"old store: cannot convert Epoch.At from time.Time to int64: a number may count seconds, milliseconds, microseconds or nanoseconds\n\tSave.v: Epoch → EpochRow\n\t  .At: time.Time → int64\n\tsay //dualgen:field Epoch.At unit=ms (or s, us, ns)",
		}},
		{name: "Epoch", options: given.Options{Fields: []given.Field{{Path: "Epoch.At", Unit: "s"}}}},
		{name: "Text", want: []string{
			"old store: cannot convert Text.At from time.Time to string: the form of the text is not known\n\tSave.v: Text → TextRow\n\t  .At: time.Time → string\n\tsay //dualgen:field Text.At as=rfc3339",
		}},
		{name: "Took", options: given.Options{Fields: []given.Field{{Path: "Took.Took", Unit: "ms"}}}},
		{name: "Bag", want: []string{
			"old store: cannot convert Bag.Tags from []string to map[string]struct{}: a set loses the order and repeated elements\n\tSave.v: Bag → BagRow\n\t  .Tags: []string → map[string]struct{}\n\tsay //dualgen:field Bag.Tags lossy",
		}},
		{name: "Bag", options: given.Options{Fields: []given.Field{{Path: "Bag.Tags", Lossy: true}}}},
		{name: "Hashes", want: []string{
			"old store: cannot convert Hashes.Tags from map[[2]byte]struct{} to [][2]byte: the set's elements have no order, so the list would come out differently each time\n\tSave.v: Hashes → HashesRow\n\t  .Tags: map[[2]byte]struct{} → [][2]byte\n\tsay //dualgen:convert F, with func F(map[[2]byte]struct{}) ([][2]byte, error)",
		}},
		{name: "Unrelated", want: []string{
			"old store: cannot convert Unrelated.X from netip.Addr to netip.Prefix: both are written as text, but maybe not in the same form\n\tSave.v: Unrelated → UnrelatedRow\n\t  .X: netip.Addr → netip.Prefix\n\tsay //dualgen:field Unrelated.X as=text",
		}},
		{name: "Lengths", want: []string{
			"old store: cannot convert Lengths.Hash from [4]byte to [5]byte: arrays of 4 and of 5 elements\n\tSave.v: Lengths → LengthsRow\n\t  .Hash: [4]byte → [5]byte\n\tsay //dualgen:convert F, with func F([4]byte) ([5]byte, error)",
			"old store: cannot convert Lengths.Hash from [5]byte to [4]byte: arrays of 5 and of 4 elements\n\tGet.v: LengthsRow → Lengths\n\t  .Hash: [5]byte → [4]byte\n\tsay //dualgen:convert F, with func F([5]byte) ([4]byte, error)",
		}},
		{name: "None", want: []string{
			"old store: cannot convert None.X from float64 to string: there is no rule for these types\n\tSave.v: None → NoneRow\n\t  .X: float64 → string\n\tsay //dualgen:convert F, with func F(float64) (string, error)",
			"old store: cannot convert None.X from string to float64: there is no rule for these types\n\tGet.v: NoneRow → None\n\t  .X: string → float64\n\tsay //dualgen:convert F, with func F(string) (float64, error)",
		}},
		{name: "Policy", options: given.Options{Fields: []given.Field{{Path: "Policy.X", Null: "zero"}}}},
		{name: "Enums", want: []string{
			"old store: cannot convert Enums.Color from Color to Paint: constants without a counterpart by name: cases.PaintGreen\n\tSave.v: Enums → EnumsRow\n\t  .Color: Color → Paint\n\tsay //dualgen:field Enums.Color enum=value (or enum=open to take any value)\n\tor say //dualgen:convert F, with func F(Color) (Paint, error)",
		}},
		{name: "Enums", options: given.Options{Fields: []given.Field{{Path: "Enums.Color", Enum: "open"}}}},
		{name: "Renamed", options: given.Options{Fields: []given.Field{{Path: "Renamed.Name", Names: [2]string{"Label", ""}}}}},
		{name: "Renamed", options: given.Options{Fields: []given.Field{{Path: "Renamed.Name", Names: [2]string{"Lable", ""}}}}, want: []string{
			"old store: RenamedRow has no field Lable for Renamed.Name\n\tits fields are: Label",
			"old store: RenamedRow.Label has no counterpart in Renamed, so it would be left empty\n\tsay //dualgen:field Renamed.NAME old=Label, or //dualgen:ignore old.RenamedRow.Label",
		}},
		{name: "Order", want: []string{
			"old store: cannot convert Line.Price from float64 to bool: there is no rule for these types\n\tSave.v: Order → OrderRow\n\t  .Lines: []Line → []LineRow\n\t    […]: Line → LineRow\n\t      .Price: float64 → bool\n\tsay //dualgen:convert F, with func F(float64) (bool, error)",
			"old store: cannot convert Line.Price from bool to float64: there is no rule for these types\n\tGet.v: OrderRow → Order\n\t  .Lines: []LineRow → []Line\n\t    […]: LineRow → Line\n\t      .Price: bool → float64\n\tsay //dualgen:convert F, with func F(bool) (float64, error)",
			"fields of Line have no counterpart, so they would be lost: Note in LineRow of the old store\n\tSave.v: Order → OrderRow\n\t  .Lines: []Line → []LineRow\n\t    […]: Line → LineRow\n\twrite above the interface:\n\t//dualgen:field? Line.Note old=Memo\n\tLine.Note has the only name that is left: take the ? away if it is the right one\n\tor leave a field out: //dualgen:ignore old.Line.NAME in one store, //dualgen:ignore Line.NAME in both, //dualgen:ignore old.LineRow.NAME a field of the store's",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			pkg := casesPackage(t)
			ours, row := pkg.Scope().Lookup(c.name).Type(), pkg.Scope().Lookup(c.name+"Row").Type()
			planner := newPlanner(t, c.options)
			_, to := planner.Value(ours, row, given.At{Direction: given.ToStore, Path: "Save.v"})
			_, from := planner.Value(row, ours, given.At{Direction: given.FromStore, Path: "Get.v"})
			planner.Functions()
			assert.Equal(t, c.want, messages(slices.Concat(to, from, planner.Unused())))
		})
	}
}

// TestUnusedDirectives: a directive that matches nothing is a fault, since it settles nothing.
func TestUnusedDirectives(t *testing.T) {
	user, ok := casesPackage(t).Scope().Lookup("CustomToText").(*types.Func)
	require.True(t, ok)
	planner := newPlanner(t, given.Options{
		Users:    []given.User{{Func: user}},
		Fields:   []given.Field{{Path: "Lost.Nmae", Null: "zero"}},
		Ignores:  []given.Ignore{{Side: "new", Path: "Lost.Search"}},
		Compares: []given.Compare{{Type: "Gone"}},
	})
	assert.Equal(t, []string{
		"convert CustomToText: no value is converted between its types\n\tremove the directive, or change the function's types",
		"field Lost.Nmae: no value of that name is converted\n\tname the interface's type and its field (User.Name), or the method and its parameter (Save.expiry)",
		"ignore new.Lost.Search: no field of that name lacks a counterpart\n\tremove the directive, or name a struct and its field: new.User.Search",
		"compare: no value of type Gone is compared\n\tremove the directive",
	}, messages(planner.Unused()))
}

// TestNoErrorResult: a conversion that can fail is refused in a method that cannot say so.
func TestNoErrorResult(t *testing.T) {
	planner := newPlanner(t, given.Options{})
	at := given.At{Direction: given.FromStore, Path: "Count.n", NoError: true}
	_, faults := planner.Value(types.Typ[types.Int64], types.Typ[types.Int32], at)
	assert.Empty(t, faults)
	planner.Functions()
	assert.Equal(t, []string{
		"old store: the conversion of n can fail, and Count has no error result\n\tgive Count an error result, or a conversion that cannot fail: say //dualgen:convert F",
	}, messages(planner.Unused()))
}

// TestPrecedence: which rule of the table converts which pair.
func TestPrecedence(t *testing.T) {
	pkg := casesPackage(t)
	user := pkg.Scope().Lookup("CustomToText").(*types.Func)
	rules := pkg.Scope().Lookup("Rules").Type().Underlying().(*types.Struct)
	for field, want := range map[string]string{
		"Made": "value by constructor", "MadeBack": "value by constructor",
		"CustomText": "user function", "SameString": "identical", "NullString": "option", "PgText": "option", "Numeric": "option",
		"Time": "time", "TimePointer": "pointer", "UUID": "UUID", "UUIDText": "UUID", "UUIDBytes": "UUID",
		"BigText": "text of pointers", "Pointer": "pointer", "PointerValue": "pointer", "Enum": "enum", "EnumEnum": "enum",
		"EnumOut": "enum", "Flag": "bool as number", "FlagBack": "bool as number", "Named": "same underlying type", "Widen": "number", "Narrow": "number", "Float": "number",
		"Address": "IP address", "AddressText": "text", "Bytes": "text and bytes", "Raw": "slice", "Set": "set", "Slice": "slice",
		"NamedSlice": "slice", "Map": "map", "Struct": "struct", "Interface": "assignable",
	} {
		t.Run(field, func(t *testing.T) {
			from, to := pairOf(t, rules, field)
			planner := newPlanner(t, given.Options{Users: []given.User{{Func: user}}, Makers: makers(t, "NewMail"), Precision: [2]time.Duration{time.Millisecond}})
			// Inside a struct, where nothing is handed over as it is.
			small, large := types.Typ[types.Int32], types.Typ[types.Int64]
			conv, faults := planner.Value(wrapped(from, small), wrapped(to, large), given.At{Direction: given.ToStore, Path: "Save.v"})
			require.Empty(t, messages(faults))
			require.NotNil(t, conv)
			var got []string
			for _, conversion := range planner.Conversions() {
				if conversion.Path == "Save.v.X" {
					got = append(got, conversion.Rule)
				}
			}
			assert.Equal(t, []string{want}, got)
		})
	}
}

// pairOf reads a pair of types from a field func(From) To.
func pairOf(t *testing.T, s *types.Struct, name string) (from, to types.Type) {
	for field := range s.Fields() {
		if field.Name() == name {
			sig := field.Type().(*types.Signature)
			return sig.Params().At(0).Type(), sig.Results().At(0).Type()
		}
	}
	t.Fatalf("no pair %s", name)
	return nil, nil
}

// wrapped is a struct with the fields X, Y … of these types.
func wrapped(fields ...types.Type) types.Type {
	var vars []*types.Var
	for i, t := range fields {
		vars = append(vars, types.NewField(token.NoPos, nil, string(rune('X'+i)), t, false))
	}
	return types.NewStruct(vars, nil)
}

// TestFallibleSpreads: a function that calls one that can fail, or that takes a context, is known as such at the end, also
// where types are recursive.
func TestFallibleSpreads(t *testing.T) {
	pkg := casesPackage(t)
	user := pkg.Scope().Lookup("CustomToText").(*types.Func)
	planner := newPlanner(t, given.Options{Users: []given.User{{Func: user}}})
	from := wrapped(wrapped(pkg.Scope().Lookup("Custom").Type()))
	to := wrapped(wrapped(types.Typ[types.String]))
	conv, faults := planner.Value(from, to, given.At{Direction: given.ToStore, Path: "Save.v"})
	require.Empty(t, faults)
	require.Len(t, planner.Functions(), 2)
	assert.True(t, plan.Fallible(conv))
	assert.True(t, plan.NeedsContext(conv))
}

// TestCompareFollowsLosses: what conversions do not keep is no difference, whatever was planned first.
func TestCompareFollowsLosses(t *testing.T) {
	pkg := casesPackage(t)
	planner := newPlanner(t, given.Options{
		Fields:    []given.Field{{Path: "Bag.Tags", Lossy: true}, {Path: "Epoch.At", Unit: "s"}},
		Precision: [2]time.Duration{time.Millisecond, time.Microsecond},
	})
	for _, name := range []string{"Bag", "Epoch", "Text"} {
		_, faults := planner.Diff(pkg.Scope().Lookup(name).Type(), token.Position{})
		require.Empty(t, faults)
	}
	for _, name := range []string{"Bag", "Epoch"} {
		_, faults := planner.Value(pkg.Scope().Lookup(name).Type(), pkg.Scope().Lookup(name+"Row").Type(),
			given.At{Direction: given.ToStore, Path: "Save.v"})
		require.Empty(t, faults)
	}
	compares := map[string]plan.Compare{}
	for _, f := range planner.Functions() {
		if diff, ok := f.(*plan.DiffFunc); ok {
			compares[diff.Ref.Name] = diff.Fields[0].Compare
		}
	}
	assert.Equal(t, "DiffSets", compares["diffBag"].(plan.CompareEach).Func.Name)
	assert.Equal(t, []plan.Operand{plan.DurationOperand(time.Second)}, compares["diffEpoch"].(plan.CompareTest).Operands)
	assert.Equal(t, []plan.Operand{plan.DurationOperand(time.Millisecond)}, compares["diffText"].(plan.CompareTest).Operands)
}

// TestRecursiveTypesEnd: types that hold themselves are compared and copied by functions that call themselves, behind one that
// looks first whether the value ends; a type without
// a struct between is not converted, and says so.
func TestRecursiveTypesEnd(t *testing.T) {
	pkg := casesPackage(t)
	planner := newPlanner(t, given.Options{})
	for _, name := range []string{"Tree", "Graph"} {
		diff, faults := planner.Diff(pkg.Scope().Lookup(name).Type(), token.Position{})
		require.Empty(t, faults)
		assert.Equal(t, "diffFinite"+name, diff.Name)
		clone, faults := planner.Clone(pkg.Scope().Lookup(name).Type(), token.Position{})
		require.Empty(t, faults)
		assert.Equal(t, "cloneFinite"+name, clone.Name)
	}
	graph := pkg.Scope().Lookup("Graph").Type()
	_, faults := planner.Value(wrapped(graph, types.Typ[types.Int32]), wrapped(graph, types.Typ[types.Int64]),
		given.At{Direction: given.ToStore, Path: "Save.v"})
	assert.Len(t, faults, 1)
	assert.Contains(t, faults[0].Msg, "the type holds itself without a struct between")
	planner.Functions()
}

// TestNumbersAreCopied: a copy of a big.Int has digits of its own, also where both sides have the same type.
func TestNumbersAreCopied(t *testing.T) {
	pkg := casesPackage(t)
	number := pkg.Scope().Lookup("hidden").Type() // big.Int
	small, large := types.Typ[types.Int32], types.Typ[types.Int64]
	for want, typ := range map[string]types.Type{"CloneSet": types.NewPointer(number), "CloneSetValue": number} {
		planner := newPlanner(t, given.Options{})
		_, faults := planner.Value(wrapped(typ, small), wrapped(typ, large), given.At{Direction: given.ToStore, Path: "Save.v"})
		require.Empty(t, faults)
		var called []string
		for _, f := range planner.Functions() {
			for _, conv := range plan.Convs(f) {
				if call, ok := conv.(plan.Apply); ok {
					called = append(called, call.Func.Name)
				}
			}
			if clone, ok := f.(*plan.CloneFunc); ok {
				called = append(called, clone.Whole.(plan.Apply).Func.Name)
			}
		}
		assert.Contains(t, called, want)
	}
}

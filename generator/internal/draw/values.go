// Package draw finds what the conformance tests draw values with: functions that directives name, and types in the place of type
// parameters.
package draw

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// values are those that the tests of an interface draw.
type values struct {
	in      *model.Interface
	subject *load.Subject
	hasPart func(t types.Type, name string) bool // whether a getter, by directive, makes a part of a struct

	generators []plan.Generator
	said       []saidArg
}

// Find finds the generators that directives name and, where tests are written, types for the interface's type parameters.
func Find(in *model.Interface, s *load.Subject, hasPart func(t types.Type, name string) bool, tests bool) ([]plan.Generator, []plan.TestArg) {
	v := &values{in: in, subject: s, hasPart: hasPart}
	v.findGenerators()
	v.drawExpiries()
	if len(in.TypeParams) == 0 || !tests {
		return v.generators, nil
	}
	return v.generators, v.chooseTestArgs()
}

// findGenerators resolves what gen directives name: the functions that draw values for the conformance tests. They may stand in
// the package's test files, which are not loaded.
func (v *values) findGenerators() {
	if len(v.in.Said.Gens) == 0 {
		return
	}
	tests := v.testFunctions()
	for _, d := range v.in.Said.Gens {
		name := d.Function.Text
		_, declared := v.in.Package.Scope().Lookup(name).(*types.Func)
		beside := v.in.Output == v.in.Package
		switch {
		case declared && (beside || token.IsExported(name)), tests[name] != "" && beside:
		case declared || tests[name] != "":
			v.in.Reports.Addf(d.Function.Pos, "export it, in a file that is no test", "the tests are written in package %s, which cannot call %s", v.in.Output.Name(), name)
			continue
		default:
			v.in.Reports.Addf(d.Function.Pos, "declare func "+nameOrExample(name)+"(t *rapid.T) T, in a file of the package or of its tests",
				"package %s has no function %s", v.in.Package.Name(), name)
			continue
		}
		ref := &plan.FuncRef{Name: name}
		if !beside {
			ref.Package = v.in.Package
		}
		if v.sayTestArg(d.Field.Text, d.Function, ref, tests[name]) {
			continue
		}
		if !v.hasValue(d.Field.Text) {
			v.in.Reports.Addf(d.Field.Pos, "name a field of an entity, as Email or User.Email, or a parameter, as limit or List.limit",
				"//dualgen:gen draws %s, which is neither a field nor a parameter", d.Field.Text)
			continue
		}
		for _, value := range v.valueNames(d.Field.Text) {
			v.generators = append(v.generators, plan.Generator{Name: value, Func: ref, File: tests[name]})
		}
	}
}

// dualtest is the package of what the tests draw by themselves.
var dualtest = types.NewPackage("github.com/dualgen/dualgen/runtime/dualtest", "dualtest")

// drawExpiries has moments at which entities are gone drawn from the future, unless a gen directive draws them: what expires in the midst
// of a test is gone, as it should be.
func (v *values) drawExpiries() {
	for _, d := range v.in.Said.TTLs {
		for _, word := range append([]text.Word{d.Field}, d.Params...) {
			for _, name := range v.valueNames(word.Text) {
				v.generators = append(v.generators, plan.Generator{Name: name, Func: &plan.FuncRef{Package: dualtest, Name: "Future"}})
			}
		}
	}
}

// valueNames are what the tests call the values that a gen directive names: the same, and the parameters which only the wrapper
// calls so, as explain shows them.
func (v *values) valueNames(text string) []string {
	owner, name := valueName(text)
	names := []string{text}
	for _, d := range v.in.Methods {
		if i := d.ParamCalled(name); i >= 0 && d.NameOf(i) != name && (owner == "" || owner == d.Name) {
			names = append(names, d.Name+"."+d.NameOf(i))
		}
	}
	return names
}

// valueName splits User.Email; the owner is "" for Email alone.
func valueName(text string) (owner, name string) {
	owner, name, qualified := strings.Cut(text, ".")
	if !qualified {
		return "", text
	}
	return owner, name
}

// nameOrExample is a name that can be declared.
func nameOrExample(name string) string {
	if token.IsIdentifier(name) {
		return name
	}
	return "someValue"
}

// testFunctions are the functions that the package's own test files declare, with the file of each.
func (v *values) testFunctions() map[string]string {
	found := map[string]string{}
	files, _ := filepath.Glob(filepath.Join(filepath.Dir(v.subject.Request.File), "*_test.go")) // the pattern is well formed
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if file == nil || err != nil && file.Name == nil || file.Name.Name != v.in.Package.Name() {
			continue
		}
		for _, declaration := range file.Decls {
			if f, ok := declaration.(*ast.FuncDecl); ok && f.Recv == nil {
				found[f.Name.Name] = name
			}
		}
	}
	return found
}

// hasValue reports whether a gen directive's first part names a field or a parameter: Email, User.Email, limit, List.limit.
func (v *values) hasValue(text string) bool {
	owner, name := valueName(text)
	for _, d := range v.in.Methods {
		if d.ParamCalled(name) >= 0 && (owner == "" || owner == d.Name) {
			return true
		}
		for _, t := range d.Mentioned() {
			if v.hasField(t, owner, name, map[types.Type]bool{}) {
				return true
			}
		}
	}
	return false
}

// hasField reports whether a struct, or one that it holds, has a field of that name, or a getter by directive; owner is the struct's name, or "" for any.
func (v *values) hasField(t types.Type, owner, name string, seen map[types.Type]bool) bool {
	t = shape.ElementOf(t).Type
	u, ok := t.Underlying().(*types.Struct)
	if !ok || seen[t] {
		return false
	}
	seen[t] = true
	typeName := ""
	if named, ok := types.Unalias(t).(*types.Named); ok {
		typeName = named.Obj().Name()
	}
	if (owner == "" || owner == typeName) && v.hasPart(t, name) {
		return true
	}
	for field := range u.Fields() {
		if field.Name() == name && (owner == "" || owner == typeName) || v.hasField(field.Type(), owner, name, seen) {
			return true
		}
	}
	return false
}

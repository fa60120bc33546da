package generator

import (
	"context"
	"fmt"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/dualgen/dualgen/generator/internal/report"
)

// Initial returns a starting set of directives for the interface of that name, ./dir.Type or importpath.Type, with what
// dualgen cannot decide alone marked as open questions. It is meant to be pasted above the interface and edited.
func Initial(ctx context.Context, config Config, name string) (string, error) {
	config, err := config.complete()
	if err != nil {
		return "", err
	}
	ref, err := parseStoreRef(name)
	if err != nil || len(ref.args) > 0 || ref.pointer {
		return "", &UsageError{Err: fmt.Errorf("%s names no interface: want ./dir.Type or importpath.Type", name)}
	}
	if ref.pkg == "" {
		ref.pkg = "."
	}
	s, err := subjectNamed(ctx, &config, ref)
	if err != nil {
		return "", err
	}
	b := newBuilder(s)
	b.decideAll()
	return b.initial(), nil
}

// subjectNamed loads the package of an interface and finds it by name, without a //go:generate line.
func subjectNamed(ctx context.Context, config *Config, ref storeRef) (*subject, error) {
	scan := treeScan{}
	if err := scan.modules(config); err != nil {
		return nil, err
	}
	pattern := ref.pkg
	if strings.HasPrefix(pattern, ".") {
		pattern = absolute(config.Dir, pattern)
	}
	found := &sources{own: scan.own}
	program, err := load(ctx, config, found, pattern)
	if err != nil {
		return nil, err
	}
	var pkg *packages.Package
	if pkg = program.byPath[pattern]; pkg == nil {
		pkg = program.byDir[pattern]
	}
	if pkg == nil || pkg.Types == nil || len(pkg.Errors) > 0 && len(pkg.Types.Scope().Names()) == 0 {
		return nil, &UsageError{Err: fmt.Errorf("package %s cannot be loaded%s", ref.pkg, firstError(pkg))}
	}
	object := pkg.Types.Scope().Lookup(ref.name)
	if object == nil {
		return nil, &UsageError{Err: fmt.Errorf("package %s has no type %s; %s", ref.pkg, ref.name, report.Hint(ref.name, typeNames(pkg.Types)))}
	}
	pos := program.place(object.Pos())
	above := token.Position{Filename: pos.Filename, Line: pos.Line, Column: 1}
	reports := &report.List{}
	s := findSubject(program, &request{file: pos.Filename, pos: above}, reports)
	if s == nil {
		return nil, reports.Err()
	}
	return s, nil
}

// decideAll decides as far as it can be done, whatever was reported on the way.
func (b *builder) decideAll() {
	for _, step := range []func(){
		b.resolveStores, b.place, b.nameOutput, b.describeMethods, b.decideKinds,
		b.findEntities, b.assignEntities, b.decideKeys, b.decideMirrors,
	} {
		step()
	}
	before := b.reports.Len()
	b.findCopiers()
	b.reports.Drop(before, b.keyless)
}

// keyless reports whether a fault is of copying an entity whose key is an open question itself.
func (b *builder) keyless(fault report.Diagnostic) bool {
	return fault.Cause == report.NoCopier && slices.ContainsFunc(b.entities, func(e *entity) bool {
		return e.Name == fault.About && len(e.parts) == 0 && !b.isSingleton(e)
	})
}

// initial writes the directives.
func (b *builder) initial() string {
	var w strings.Builder
	name := b.object.Name()
	fmt.Fprintf(&w, "//go:generate go tool dualgen -old %s -new %s\n", b.initialStore("OLD"), b.initialStore("NEW"))
	for _, e := range b.entities {
		if e.beside != nil {
			continue // it is found without
		}
		fmt.Fprintf(&w, "//dualgen:entity %s%s\n", e.Name, b.entityOptions(e))
	}
	for _, d := range b.methods {
		if len(d.Reasons) > 0 {
			fmt.Fprintf(&w, "// %s: %s\n", d.Name, strings.Join(d.Reasons, " "))
		}
	}
	for _, fault := range b.reports.All() {
		fmt.Fprintf(&w, "// ? %s\n", fault.What)
		for line := range strings.SplitSeq(fault.Remedy, "\n") {
			if line = strings.TrimSpace(line); line != "" {
				fmt.Fprintf(&w, "//     %s\n", line)
			}
		}
	}
	if b.pkg.Module == nil || !b.pkg.Module.Main { // it is wrapped by naming it
		fmt.Fprintf(&w, "type %s interface{ %s }\n", name, typeString(b.typ))
	} else {
		fmt.Fprintf(&w, "type %s interface { … }\n", name)
	}
	return w.String()
}

// initialStore stands for a store's type; a generic one is quoted, for its spaces.
func (b *builder) initialStore(dir string) string {
	if len(b.params) == 0 {
		return "./" + dir + "." + b.object.Name()
	}
	var params []string
	for _, p := range b.params {
		params = append(params, p.Obj().Name())
	}
	return fmt.Sprintf("%q", "./"+dir+"."+b.object.Name()+"["+strings.Join(params, ", ")+"]")
}

// entityOptions are the options of an entity directive, ? for what is not known.
func (b *builder) entityOptions(e *entity) string {
	var w strings.Builder
	for _, option := range []struct{ name, value string }{
		{"key", strings.ReplaceAll(partNames(e), ", ", ",")},
		{"get", callName(e.Get)},
		{"put", strings.Join(nonEmpty(callName(e.Put), callName(e.PutElse)), ",")},
		{"delete", callName(e.Delete)},
		{"scan", scanName(e.Scan)},
	} {
		if option.value == "" {
			if option.name == "scan" {
				continue
			}
			option.value = "?"
			if e.saidWord(option.name).Text == "none" || option.name == "put" && e.says("put") || option.name == "key" && b.isSingleton(e) {
				option.value = "none"
			}
		}
		fmt.Fprintf(&w, " %s=%s", option.name, option.value)
	}
	return w.String()
}

package generator

import (
	"bytes"
	"context"
	"fmt"
	"go/format"
	"go/token"
	"os"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/shape"
)

// Beginning is what init has to say of an interface: the directives that are likely right, and what is open.
type Beginning struct {
	// Text is a //go:generate line, the proposed directives and the questions, to be pasted above the interface.
	Text string
	// File is the interface's own source with all that written in; nil for an interface of another module, which is wrapped by
	// naming it as Text shows.
	File *File
	// Questions are what is open.
	Questions []Question
}

// Initial proposes directives for the interface of that name, ./dir.Type or importpath.Type. What is likely is proposed with a
// question mark, which a person takes away after a look; while one stands, nothing is generated. It writes nothing.
func Initial(ctx context.Context, config Config, name string) (*Beginning, error) {
	config, err := config.complete()
	if err != nil {
		return nil, err
	}
	ref, err := parseStoreRef(name)
	if err != nil || len(ref.args) > 0 || ref.pointer {
		return nil, &UsageError{Err: fmt.Errorf("%s names no interface: want ./dir.Type or importpath.Type", name)}
	}
	if ref.pkg == "" {
		ref.pkg = "."
	}
	s, err := subjectNamed(ctx, &config, ref)
	if err != nil {
		return nil, err
	}
	b := newBuilder(s)
	if b.begin() {
		b.decide()
	}
	return b.beginning()
}

// subjectNamed loads the package of an interface and finds it by name, with the //go:generate line above it if there is one.
func subjectNamed(ctx context.Context, config *Config, ref storeRef) (*subject, error) {
	scan := treeScan{}
	if err := scan.modules(config); err != nil {
		return nil, err
	}
	pattern := ref.pkg
	if strings.HasPrefix(pattern, ".") {
		pattern = absolute(config.Dir, pattern)
	}
	found := &sources{own: scan.own, requests: slices.DeleteFunc(slices.Clone(scan.requests), func(r *request) bool { return r.dir() != pattern })}
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
	reports := &report.List{}
	for _, r := range found.requests {
		if s := findSubject(program, r, &report.List{}); s != nil && s.object == object {
			s.reports = reports
			return s, nil
		}
	}
	pos := program.place(object.Pos())
	above := token.Position{Filename: pos.Filename, Line: pos.Line, Column: 1}
	s := findSubject(program, &request{file: pos.Filename, pos: above}, reports)
	if s == nil {
		return nil, reports.Err()
	}
	return s, nil
}

// beginning gathers what is proposed and what is open.
func (b *builder) beginning() (*Beginning, error) {
	begin := &Beginning{Text: b.pasted(), Questions: b.questions()}
	if b.pkg.Module == nil || !b.pkg.Module.Main {
		return begin, nil
	}
	source, err := os.ReadFile(b.request.file)
	if err != nil {
		return nil, fmt.Errorf("read the interface's source: %w", err)
	}
	written, err := b.written(source)
	if err != nil {
		return nil, err
	}
	begin.File = &File{Path: b.request.file, Source: written}
	return begin, nil
}

// pasted is what a person pastes above an interface.
func (b *builder) pasted() string {
	var w strings.Builder
	if !b.requested() {
		fmt.Fprintf(&w, "%s\n", b.generateLine())
	}
	for _, line := range b.aboveInterface() {
		fmt.Fprintf(&w, "%s\n", line)
	}
	for _, d := range b.in.Methods {
		for _, line := range b.aboveMethod(d) {
			fmt.Fprintf(&w, "%s // above %s\n", line, d.Name)
		}
		if len(d.Reasons) > 0 {
			fmt.Fprintf(&w, "// %s: %s\n", d.Name, strings.Join(d.Reasons, " "))
		}
	}
	for _, q := range b.questions() {
		if q.Proposal != "" {
			continue
		}
		fmt.Fprintf(&w, "// ? %s\n", q.What)
		for line := range strings.SplitSeq(q.Remedy, "\n") {
			if line = strings.TrimSpace(line); line != "" {
				fmt.Fprintf(&w, "//     %s\n", line)
			}
		}
	}
	if b.pkg.Module == nil || !b.pkg.Module.Main { // it is wrapped by naming it
		fmt.Fprintf(&w, "type %s interface{ %s }\n", b.object.Name(), shape.String(b.typ))
	}
	return w.String()
}

// requested reports whether a //go:generate line stands above the interface already.
func (b *builder) requested() bool { return b.request.pos.Line != b.pos.Line }

// generateLine is the line that asks for the wrapper.
func (b *builder) generateLine() string {
	return fmt.Sprintf("//go:generate go tool dualgen -old %s -new %s", b.initialStore("OLD"), b.initialStore("NEW"))
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

// aboveInterface are the directives that are proposed above the interface.
func (b *builder) aboveInterface() []string {
	var lines []string
	for _, p := range b.in.Proposals {
		if p.Method == nil || p.Method.Foreign {
			lines = append(lines, p.Line("?")+why(p))
		}
	}
	return lines
}

// aboveMethod are the directives that are proposed above a method.
func (b *builder) aboveMethod(d *model.Method) []string {
	var lines []string
	for _, p := range b.in.Proposals {
		if p.Method == d && !d.Foreign {
			lines = append(lines, p.Line("?")+why(p))
		}
	}
	return lines
}

// why is the reason of a proposal, as its directive has it.
func why(p *model.Proposal) string { return fmt.Sprintf(" %q", "why: "+p.Why) }

// written is the interface's source with what is proposed written in, each directive above what it speaks of. A directive that
// says less of the same entity is replaced.
func (b *builder) written(source []byte) ([]byte, error) {
	insert := map[int][]string{} // before a line, counted from 1
	drop := map[int]bool{}
	at := b.program.fset.PositionFor(b.declaration(), false).Line
	if !b.requested() {
		insert[at] = append(insert[at], b.generateLine())
	}
	insert[at] = append(insert[at], b.aboveInterface()...)
	for _, p := range b.in.Proposals {
		if p.Entity != nil && p.Entity.Said != nil {
			drop[p.Entity.Said.Pos.Line] = true
		}
	}
	for _, d := range b.in.Methods {
		if lines := b.aboveMethod(d); len(lines) > 0 {
			insert[d.Pos.Line] = append(insert[d.Pos.Line], lines...)
		}
	}
	var w bytes.Buffer
	number := 0
	for line := range bytes.Lines(source) {
		number++
		for _, text := range insert[number] {
			fmt.Fprintf(&w, "%s\n", text)
		}
		if !drop[number] {
			w.Write(line)
		}
	}
	formatted, err := format.Source(w.Bytes())
	if err != nil {
		return nil, fmt.Errorf("write the proposals into %s: %w", b.request.file, err)
	}
	return formatted, nil
}

// declaration is where the declaration of the interface begins, below its comments.
func (b *builder) declaration() token.Pos { return b.spec.Pos() }

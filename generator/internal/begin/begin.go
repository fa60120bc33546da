// Package begin proposes the directives that an interface begins with, for init.
package begin

import (
	"bytes"
	"fmt"
	"go/format"
	"go/token"
	"os"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/explain"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/render"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/wrapper"
)

// Beginning is what init has to say of an interface: the directives that are likely right, and what is open.
type Beginning struct {
	// Text is a //go:generate line, the proposed directives and the questions, to be pasted above the interface.
	Text string
	// File is the interface's own source with all that written in; nil for an interface of another module, which is wrapped by
	// naming it as Text shows.
	File *render.File
	// Questions are what is open.
	Questions []explain.Question
}

// Of gathers what is proposed and what is open.
func Of(w *wrapper.Wrapper) (*Beginning, error) {
	begin := &Beginning{Text: pasted(w), Questions: explain.Questions(w)}
	if w.Pkg.Module == nil || !w.Pkg.Module.Main {
		return begin, nil
	}
	source, err := os.ReadFile(w.Request.File)
	if err != nil {
		return nil, fmt.Errorf("read the interface's source: %w", err)
	}
	written, err := written(w, source)
	if err != nil {
		return nil, err
	}
	begin.File = &render.File{Path: w.Request.File, Source: written}
	return begin, nil
}

// pasted is what a person pastes above an interface.
func pasted(w *wrapper.Wrapper) string {
	var out strings.Builder
	if !requested(w) {
		fmt.Fprintf(&out, "%s\n", generateLine(w))
	}
	for _, line := range aboveInterface(w) {
		fmt.Fprintf(&out, "%s\n", line)
	}
	for _, d := range w.In.Methods {
		for _, line := range aboveMethod(w, d) {
			fmt.Fprintf(&out, "%s // above %s\n", line, d.Name)
		}
		if len(d.Reasons) > 0 {
			fmt.Fprintf(&out, "// %s: %s\n", d.Name, strings.Join(d.Reasons, " "))
		}
	}
	for _, q := range explain.Questions(w) {
		if q.Proposal != "" {
			continue
		}
		fmt.Fprintf(&out, "// ? %s\n", q.What)
		for line := range strings.SplitSeq(q.Remedy, "\n") {
			if line = strings.TrimSpace(line); line != "" {
				fmt.Fprintf(&out, "//     %s\n", line)
			}
		}
	}
	if w.Pkg.Module == nil || !w.Pkg.Module.Main { // it is wrapped by naming it
		fmt.Fprintf(&out, "type %s interface{ %s }\n", w.Object.Name(), shape.String(w.Typ))
	}
	return out.String()
}

// requested reports whether a //go:generate line stands above the interface already.
func requested(w *wrapper.Wrapper) bool { return w.Request.Pos.Line != w.Pos.Line }

// generateLine is the line that asks for the wrapper.
func generateLine(w *wrapper.Wrapper) string {
	return fmt.Sprintf("//go:generate go tool dualgen -old %s -new %s", initialStore(w, "OLD"), initialStore(w, "NEW"))
}

// initialStore stands for a store's type; a generic one is quoted, for its spaces.
func initialStore(w *wrapper.Wrapper, dir string) string {
	if len(w.Params) == 0 {
		return "./" + dir + "." + w.Object.Name()
	}
	var params []string
	for _, p := range w.Params {
		params = append(params, p.Obj().Name())
	}
	return fmt.Sprintf("%q", "./"+dir+"."+w.Object.Name()+"["+strings.Join(params, ", ")+"]")
}

// aboveInterface are the directives that are proposed above the interface.
func aboveInterface(w *wrapper.Wrapper) []string {
	var lines []string
	for _, p := range w.In.Proposals {
		if p.Method == nil || p.Method.Foreign {
			lines = append(lines, p.Line("?")+why(p))
		}
	}
	return lines
}

// aboveMethod are the directives that are proposed above a method.
func aboveMethod(w *wrapper.Wrapper, d *model.Method) []string {
	var lines []string
	for _, p := range w.In.Proposals {
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
func written(w *wrapper.Wrapper, source []byte) ([]byte, error) {
	insert := map[int][]string{} // before a line, counted from 1
	drop := map[int]bool{}
	at := w.Program.Fset.PositionFor(declaration(w), false).Line
	if !requested(w) {
		insert[at] = append(insert[at], generateLine(w))
	}
	insert[at] = append(insert[at], aboveInterface(w)...)
	for _, p := range w.In.Proposals {
		if p.Entity != nil && p.Entity.Said != nil {
			drop[p.Entity.Said.Pos.Line] = true
		}
	}
	for _, d := range w.In.Methods {
		if lines := aboveMethod(w, d); len(lines) > 0 {
			insert[d.Pos.Line] = append(insert[d.Pos.Line], lines...)
		}
	}
	var out bytes.Buffer
	number := 0
	for line := range bytes.Lines(source) {
		number++
		for _, text := range insert[number] {
			fmt.Fprintf(&out, "%s\n", text)
		}
		if !drop[number] {
			out.Write(line)
		}
	}
	formatted, err := format.Source(out.Bytes())
	if err != nil {
		return nil, fmt.Errorf("write the proposals into %s: %w", w.Request.File, err)
	}
	return formatted, nil
}

// declaration is where the declaration of the interface begins, below its comments.
func declaration(w *wrapper.Wrapper) token.Pos { return w.Spec.Pos() }

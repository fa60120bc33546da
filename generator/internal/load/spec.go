package load

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// findSpec finds the type that the request's line stands above.
func (s *Subject) findSpec() bool {
	remedy := "put the //go:generate line directly above the interface"
	for _, declaration := range s.File.Decls {
		if s.Program.Place(declaration.End()).Line < s.Request.Pos.Line {
			continue
		}
		general, ok := declaration.(*ast.GenDecl)
		if ok && general.Tok == token.IMPORT {
			continue
		}
		if !ok || general.Tok != token.TYPE {
			s.Reports.Add(s.Request.Pos, "no interface follows this line: the next declaration is no type", remedy)
			return false
		}
		if below := s.specsBelow(general); len(below) > 0 {
			return s.choose(general, below)
		}
	}
	s.Reports.Add(s.Request.Pos, "no interface follows this line", remedy)
	return false
}

// specsBelow are the types of a declaration that stand below the request's line.
func (s *Subject) specsBelow(general *ast.GenDecl) []*ast.TypeSpec {
	var below []*ast.TypeSpec
	for _, spec := range general.Specs {
		if s.Program.Place(spec.End()).Line >= s.Request.Pos.Line {
			below = append(below, spec.(*ast.TypeSpec))
		}
	}
	return below
}

// choose takes the type that a line speaks of: the next one; of a group that the line stands above, the only interface.
func (s *Subject) choose(general *ast.GenDecl, below []*ast.TypeSpec) bool {
	group := general.Lparen.IsValid()
	if group && len(below) > 1 && s.Program.Place(general.Pos()).Line > s.Request.Pos.Line {
		interfaces := s.interfacesOf(below)
		if len(interfaces) != 1 {
			s.reportGroup(interfaces)
			return false
		}
		below = interfaces
	}
	s.Spec = below[0]
	doc := s.Spec.Doc
	if doc == nil && (!group || len(general.Specs) == 1) {
		doc = general.Doc
	}
	s.Doc = docLines(doc)
	return true
}

// interfacesOf are those of some types that are interfaces.
func (s *Subject) interfacesOf(specs []*ast.TypeSpec) []*ast.TypeSpec {
	var found []*ast.TypeSpec
	for _, spec := range specs {
		_, written := spec.Type.(*ast.InterfaceType)
		if object := s.Pkg.Types.Scope().Lookup(spec.Name.Name); written || object != nil && types.IsInterface(object.Type()) {
			found = append(found, spec)
		}
	}
	return found
}

// reportGroup reports a line above a group of types that has no interface, or several.
func (s *Subject) reportGroup(interfaces []*ast.TypeSpec) {
	if len(interfaces) == 0 {
		s.Reports.Add(s.Request.Pos, "no interface follows this line: the group of types below it has none", "put the //go:generate line directly above the interface")
		return
	}
	var names []string
	for _, spec := range interfaces {
		names = append(names, spec.Name.Name)
	}
	s.Reports.Addf(s.Request.Pos, "take the one to wrap out of the group, type ( … ), and put this line directly above it; go generate sees no indented line",
		"this line stands above a group of several interfaces: %s", strings.Join(names, ", "))
}

package main

import (
	"go/ast"
	"slices"
	"strings"
)

// unpublished are folders whose packages users do not import: programs, examples, tests.
var unpublished = []string{"bench", "cmd", "examples", "test", "tools"}

// importable reports whether a user may import the package of a folder.
func importable(folder string) bool {
	elements := strings.Split(folder, "/")
	return !slices.Contains(elements, "internal") && !slices.Contains(unpublished, elements[0])
}

// exported counts, for each package that users may import, the exported names: functions, types, constants, variables, and of
// exported types the methods and fields.
func (s *sources) exported() []finding {
	counts, total := make(map[string]int), 0
	for _, file := range s.files {
		if !file.test && importable(file.folder) && file.syntax.Name.Name != "main" {
			names := exportedOf(file.syntax)
			counts[file.folder] += names
			total += names
		}
	}
	found := []finding{{"exported", "all packages", total}}
	for folder, names := range counts {
		found = append(found, finding{"names", folder, names})
	}
	slices.SortFunc(found[1:], func(a, b finding) int { return strings.Compare(a.what, b.what) })
	return found
}

func exportedOf(file *ast.File) int {
	count := 0
	for _, declaration := range file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			if d.Name.IsExported() && (d.Recv == nil || ast.IsExported(receiver(d))) {
				count++
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				count += exportedOfSpec(spec)
			}
		}
	}
	return count
}

func exportedOfSpec(spec ast.Spec) int {
	count := 0
	switch s := spec.(type) {
	case *ast.ValueSpec:
		for _, name := range s.Names {
			if name.IsExported() {
				count++
			}
		}
	case *ast.TypeSpec:
		if !s.Name.IsExported() {
			return 0
		}
		count++
		switch t := s.Type.(type) {
		case *ast.StructType:
			count += exportedFields(t.Fields)
		case *ast.InterfaceType:
			count += exportedFields(t.Methods)
		}
	}
	return count
}

func exportedFields(fields *ast.FieldList) int {
	count := 0
	for _, field := range fields.List {
		for _, name := range field.Names {
			if name.IsExported() {
				count++
			}
		}
		if len(field.Names) == 0 && ast.IsExported(typeName(field.Type)) {
			count++
		}
	}
	return count
}

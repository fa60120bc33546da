package templates

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/printer"
	"go/token"
)

// gofmt prints as the program of that name does.
var gofmt = printer.Config{Mode: printer.UseSpaces | printer.TabIndent, Tabwidth: 8}

// formatted prints a file that was parsed, as gofmt does. Its imports are sorted already.
func formatted(fset *token.FileSet, file *ast.File) ([]byte, error) {
	var out bytes.Buffer
	if err := gofmt.Fprint(&out, fset, file); err != nil {
		return nil, fmt.Errorf("format: %w", err)
	}
	return out.Bytes(), nil
}

package printing

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
	own := token.NewFileSet() // the printer asks it for each position: one of a single file need not search
	own.AddExistingFiles(fset.File(file.FileStart))
	out := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(out)
	out.Reset()
	if err := gofmt.Fprint(out, own, file); err != nil {
		return nil, fmt.Errorf("format: %w", err)
	}
	return bytes.Clone(out.Bytes()), nil
}

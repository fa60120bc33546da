package generator_test

import (
	"context"
	"fmt"

	"github.com/dualgen/dualgen/generator"
)

// Why is a method mirrored as it is? Explain says what Generate decides, and writes nothing.
func ExampleExplain() {
	explained, err := generator.Explain(context.Background(), generator.Config{Dir: "../examples/quickstart/catalog"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range explained {
		for _, m := range e.Methods {
			fmt.Printf("%-13s %-6s %-6s of %s\n", m.Name, m.Kind, m.Mirror, m.Key)
		}
	}
	// Output:
	// Get           read          of name
	// Save          write  replay of p.Name
	// SetMaintainer write  copy   of name
	// Delete        delete replay of name
	// DeleteSection delete copy   of list NamesIn
	// NamesIn       read          of whole kind
	// BySection     read          of whole kind
	// Scan          read          of whole kind
	// Count         read          of whole kind
}

// Command house measures how the project's code is cut: lengths, parameters, methods of a type, files of a package that call
// each other in a circle, exported names, what a service compiles, what the root module requires.
//
//	go run ./internal/house     prints the table, and what is beyond a limit
//	go test ./internal/house    holds the limits; exceptions.txt lists what is beyond them, and may only shrink
//
// It counts what git would: no testdata, no folder that begins with a dot. Generated files count for nothing but the lines
// that a service compiles.
package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"
)

// finding is a value that was measured. What names the thing: a file, a function, a type, a package.
type finding struct {
	rule  string
	what  string
	value int
}

// rule is a limit of the table.
type rule struct {
	name  string
	limit int
	title string
}

// rules are in the order of the table.
var rules = []rule{
	{"cycle", 10, "files of one package that call each other in a circle"},
	{"methods", 40, "methods of a type"},
	{"function", 60, "lines of a function"},
	{"parameters", 5, "parameters of a function"},
	{"file", 300, "lines of a file"},
	{"service", 22000, "lines of the runtime that a service compiles, without databases"},
	{"backend", 5000, "lines that a database adds to them"},
	{"exported", 1000, "exported names of the packages that users may import"},
	{"requirement", 0, "requirements of the root module, beside those that the project is built on"},
}

// measure is everything, of the repository at that root.
func measure(root string) ([]finding, error) {
	sources, err := load(root)
	if err != nil {
		return nil, err
	}
	found := sources.shapes()
	found = append(found, sources.exported()...)
	for _, part := range []func(string) ([]finding, error){cycles, compiled, requirements} {
		more, err := part(root)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	return found, nil
}

// beyond is what is over its rule's limit, in the order of the table, the largest first.
func beyond(found []finding) []finding {
	var over []finding
	for _, r := range rules {
		these := slices.DeleteFunc(slices.Clone(found), func(f finding) bool { return f.rule != r.name || f.value <= r.limit })
		slices.SortFunc(these, func(a, b finding) int {
			return cmp.Or(cmp.Compare(b.value, a.value), cmp.Compare(a.what, b.what))
		})
		over = append(over, these...)
	}
	return over
}

func main() {
	found, err := measure(".")
	if err != nil {
		fmt.Fprintln(os.Stderr, "house:", err)
		os.Exit(1)
	}
	show(os.Stdout, found)
}

// show prints the table, then what is beyond a limit, then the exported names of each package.
func show(to io.Writer, found []finding) {
	out := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	defer out.Flush() //nolint:errcheck // the terminal has it or not
	over := beyond(found)
	fmt.Fprintln(out, "LIMIT\tLARGEST\tBEYOND\t")
	for _, r := range rules {
		largest := finding{what: "none"}
		for _, f := range found {
			if f.rule == r.name && f.value >= largest.value {
				largest = f
			}
		}
		count := 0
		for _, f := range over {
			if f.rule == r.name {
				count++
			}
		}
		fmt.Fprintf(out, "%d\t%d\t%d\t%s: %s\n", r.limit, largest.value, count, r.title, largest.what)
	}
	fmt.Fprintln(out, "\nBeyond the limits")
	for _, f := range over {
		fmt.Fprintf(out, "%s\t%d\t%s\t\n", f.rule, f.value, f.what)
	}
	fmt.Fprintln(out, "\nExported names")
	for _, f := range found {
		if f.rule == "names" {
			fmt.Fprintf(out, "%d\t%s\t\t\n", f.value, f.what)
		}
	}
}

// Command slice cuts from a whole Debian package index the part that the examples carry: every record that is odd in
// some way, up to a number for each way, and an even sample of the others.
//
//	slice Packages | gzip -9n >packages.gz
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/dualgen/dualgen/examples/internal/debindex"
)

// kept are the fields that the slice carries: facts, no prose.
var kept = []string{"Package", "Version", "Installed-Size", "Maintainer", "Architecture", "Depends", "Homepage", "Tag", "Section", "Priority", "Size"}

// registries are words in the homepages of packages that were taken over from another language's package registry. The
// slice leaves those packages out, so that it points nobody there.
var registries = []string{"pypi", "npm", "crates.io", "cpan", "rubygems", "hackage", "cran.", "maven", "packagist", "luarocks", "pkg.go.dev", "opam"}

// every is the distance between two ordinary records of the sample.
const every = 32

// oddities are the ways to be odd, each with the number of records wanted.
var oddities = []struct {
	want int
	is   func(debindex.Paragraph) bool
}{
	{250, func(p debindex.Paragraph) bool { return strings.Contains(p.Get("Version"), ":") }},
	{250, func(p debindex.Paragraph) bool { return strings.IndexFunc(p.Get("Maintainer"), notASCII) >= 0 }},
	{126, func(p debindex.Paragraph) bool { return p.Get("Installed-Size") == "" }},
	{100, func(p debindex.Paragraph) bool { return p.Get("Homepage") == "" }},
	{100, func(p debindex.Paragraph) bool { return p.Get("Depends") == "" }},
	{60, func(p debindex.Paragraph) bool { return len(p.Get("Depends")) > 4000 }},
	{100, func(p debindex.Paragraph) bool { return strings.Count(p.Get("Tag"), "::") > 20 }},
	{150, func(p debindex.Paragraph) bool { return p.Get("Priority") != "optional" }},
	{60, func(p debindex.Paragraph) bool { return !strings.Contains(p.Get("Version"), "-") }},
	{60, func(p debindex.Paragraph) bool { return strings.Contains(p.Get("Version"), "~") }},
	{30, func(p debindex.Paragraph) bool { return len(p.Get("Package")) > 50 }},
	{30, func(p debindex.Paragraph) bool { return len(p.Get("Size")) > 8 }},
	{10, func(p debindex.Paragraph) bool { return p.Get("Installed-Size") == "0" }},
}

func notASCII(r rune) bool { return r > unicode.MaxASCII }

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: slice INDEX >SLICE")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "slice:", err)
		os.Exit(1)
	}
}

func run(path string, w io.Writer) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	out := bufio.NewWriter(w)
	reader := debindex.NewReader(file)
	for n := 0; ; n++ {
		paragraph, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return out.Flush()
		}
		if err != nil {
			return err
		}
		if !fromRegistry(paragraph) && (odd(paragraph) || n%every == 0) {
			write(out, paragraph)
		}
	}
}

// odd reports whether a paragraph is odd in a way of which more are wanted, and counts it.
func odd(p debindex.Paragraph) bool {
	for i := range oddities {
		if oddities[i].want > 0 && oddities[i].is(p) {
			oddities[i].want--
			return true
		}
	}
	return false
}

func fromRegistry(p debindex.Paragraph) bool {
	homepage := strings.ToLower(p.Get("Homepage"))
	for _, word := range registries {
		if strings.Contains(homepage, word) {
			return true
		}
	}
	return false
}

func write(w io.Writer, p debindex.Paragraph) {
	for _, field := range kept {
		if value, ok := p[strings.ToLower(field)]; ok {
			fmt.Fprintf(w, "%s: %s\n", field, strings.ReplaceAll(value, "\n", "\n "))
		}
	}
	fmt.Fprintln(w)
}

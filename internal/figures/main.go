// Command figures turns the results of the proofs, one JSON object a line, into the table that docs/testing.md shows and the
// totals that the README shows.
//
//	figures RESULTS              print the table
//	figures RESULTS DOCUMENT...  also put the table and the totals between the marks of each document
package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
)

// row is one result, as the proofs write it to the file that DUALGEN_RESULTS names.
type row struct {
	Layer      string  `json:"layer"`
	Level      string  `json:"level"`
	Count      int64   `json:"count"`
	Unit       string  `json:"unit"`
	Violations int64   `json:"violations"`
	Detail     string  `json:"detail"`
	Seconds    float64 `json:"seconds"`
}

// The kinds of text that a document may hold, each between marks of its own.
const (
	figuresMark = "figures" // the table, a row for each result
	totalsMark  = "totals"  // the sum for each unit, in one paragraph
)

func begin(mark string) string { return "<!-- " + mark + ": begin (written by scripts/proof) -->" }
func end(mark string) string   { return "<!-- " + mark + ": end -->" }

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "figures:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	if len(args) < 1 {
		return errors.New("usage: figures RESULTS [DOCUMENT...]")
	}
	results, err := os.Open(args[0])
	if err != nil {
		return err
	}
	defer results.Close()
	rows, err := read(results)
	if err != nil {
		return err
	}
	text := table(rows)
	if _, err := io.WriteString(out, text); err != nil {
		return err
	}
	texts := map[string]string{figuresMark: text, totalsMark: totals(rows)}
	for _, name := range args[1:] {
		if err := update(name, texts); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// update puts each text between its marks in the document, which must have one of the marks at least.
func update(name string, texts map[string]string) error {
	content, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	document, found := string(content), false
	for _, mark := range slices.Sorted(maps.Keys(texts)) {
		if !strings.Contains(document, begin(mark)) {
			continue
		}
		found = true
		if document, err = place(document, mark, texts[mark]); err != nil {
			return err
		}
	}
	if !found {
		return fmt.Errorf("there is neither %q nor %q", begin(figuresMark), begin(totalsMark))
	}
	return os.WriteFile(name, []byte(document), 0o644)
}

// read reads all rows; a run without any is an error, since it proved nothing.
func read(in io.Reader) ([]row, error) {
	var rows []row
	lines := bufio.NewScanner(in)
	for n := 1; lines.Scan(); n++ {
		var r row
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return nil, fmt.Errorf("line %d of the results: %w", n, err)
		}
		rows = append(rows, r)
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, errors.New("there are no results: did the proofs run with DUALGEN_RESULTS set?")
	}
	return rows, nil
}

// table is the rows as Markdown.
func table(rows []row) string {
	var b strings.Builder
	b.WriteString("| what | count | violations | seconds | how |\n|---|--:|--:|--:|---|\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "| %s | %s %s | %d | %.0f | %s |\n",
			r.Layer, grouped(r.Count), r.Unit, r.Violations, r.Seconds, cmp.Or(strings.ReplaceAll(r.Detail, "|", "/"), "–"))
	}
	return b.String()
}

// totals is the sum of the counts for each unit, in the order of the rows, and of all violations.
func totals(rows []row) string {
	var units []string
	counts, violations := map[string]int64{}, int64(0)
	for _, r := range rows {
		if _, ok := counts[r.Unit]; !ok {
			units = append(units, r.Unit)
		}
		counts[r.Unit] += r.Count
		violations += r.Violations
	}
	var b strings.Builder
	for _, unit := range units {
		fmt.Fprintf(&b, "- %s %s\n", grouped(counts[unit]), unit)
	}
	fmt.Fprintf(&b, "\nViolations: %s.\n", grouped(violations))
	return b.String()
}

// grouped writes a number with its thousands apart.
func grouped(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// place puts the text between the document's marks.
func place(document, mark, text string) (string, error) {
	before, rest, _ := strings.Cut(document, begin(mark))
	_, after, ok := strings.Cut(rest, end(mark))
	if !ok {
		return "", fmt.Errorf("there is no %q", end(mark))
	}
	return before + begin(mark) + "\n\n" + text + "\n" + end(mark) + after, nil
}

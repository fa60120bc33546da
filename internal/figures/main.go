// Command figures turns the results of the proofs, one JSON object a line, into the table that the README shows.
//
//	figures RESULTS            print the table
//	figures RESULTS README.md  also put it between the marks of that file
package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
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

// The marks between which a document holds the table.
const (
	begin = "<!-- figures: begin (written by scripts/proof) -->"
	end   = "<!-- figures: end -->"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "figures:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	if len(args) < 1 || len(args) > 2 {
		return errors.New("usage: figures RESULTS [DOCUMENT]")
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
	if len(args) == 1 {
		return nil
	}
	document, err := os.ReadFile(args[1])
	if err != nil {
		return err
	}
	updated, err := place(string(document), text)
	if err != nil {
		return fmt.Errorf("%s: %w", args[1], err)
	}
	return os.WriteFile(args[1], []byte(updated), 0o644)
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

// grouped writes a number with its thousands apart.
func grouped(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// place puts the table between the document's marks.
func place(document, table string) (string, error) {
	before, rest, ok := strings.Cut(document, begin)
	if !ok {
		return "", fmt.Errorf("there is no %q", begin)
	}
	_, after, ok := strings.Cut(rest, end)
	if !ok {
		return "", fmt.Errorf("there is no %q", end)
	}
	return before + begin + "\n\n" + table + "\n" + end + after, nil
}

// Package debindex reads the package index of a Debian archive: the file that lists, paragraph by paragraph, what the
// archive holds.
package debindex

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxLine is the longest line that a Reader takes, in bytes. The longest of a whole Debian index has some 20 kB.
const maxLine = 1 << 20

// Paragraph is one record as it stands in the index: field values by lower-case field name. Lines of a value are joined
// by newlines, without their leading blank.
type Paragraph map[string]string

// Get returns the value of a field, whatever the case of its name; "" if the paragraph lacks it.
func (p Paragraph) Get(field string) string { return p[strings.ToLower(field)] }

// Reader reads paragraphs in the format of deb822(5).
type Reader struct {
	lines *bufio.Scanner
	line  int // number of the last line read, from 1
}

// NewReader returns a Reader of an uncompressed index.
func NewReader(r io.Reader) *Reader {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	return &Reader{lines: lines}
}

// Next returns the next paragraph, or io.EOF after the last. Every other error names a line.
func (r *Reader) Next() (Paragraph, error) {
	paragraph, last := Paragraph{}, ""
	for r.lines.Scan() {
		r.line++
		line := r.lines.Text()
		switch {
		case strings.TrimSpace(line) == "":
			if len(paragraph) > 0 {
				return paragraph, nil
			}
		case line[0] == '#':
		case line[0] == ' ' || line[0] == '\t':
			if last == "" {
				return nil, fmt.Errorf("line %d continues no field", r.line)
			}
			paragraph[last] += "\n" + strings.TrimSpace(line)
		default:
			name, err := paragraph.add(line)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", r.line, err)
			}
			last = name
		}
	}
	if err := r.lines.Err(); err != nil {
		return nil, fmt.Errorf("line %d: %w", r.line+1, err)
	}
	if len(paragraph) == 0 {
		return nil, io.EOF
	}
	return paragraph, nil
}

// add takes the first line of a field and returns the field's name.
func (p Paragraph) add(line string) (string, error) {
	name, value, ok := strings.Cut(line, ":")
	name = strings.ToLower(name)
	switch {
	case !ok || name == "":
		return "", errors.New("neither a field nor its continuation")
	case strings.ContainsAny(name, " \t"):
		return "", fmt.Errorf("a field name with a blank in it: %q", name)
	}
	if _, twice := p[name]; twice {
		return "", fmt.Errorf("field %q stands twice in one paragraph", name)
	}
	p[name] = strings.TrimSpace(value)
	return name, nil
}

package debindex

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Record is what the examples keep of a package.
type Record struct {
	Name          string
	Version       string // [epoch:]upstream[-revision]
	Section       string
	Priority      string
	Maintainer    string
	Homepage      *string      // nil: the index names none
	Size          int64        // of the archive file, bytes
	InstalledSize *int64       // KiB; nil: the index does not say
	Depends       []Dependency // in the order of the index
	Tags          []string     // sorted, each once
}

// Dependency is one package that another needs.
type Dependency struct {
	Target   string
	Relation string // what follows the name: "(>= 2.36)", "(>= 1) | other", or ""
}

// Parse takes from a paragraph what the examples keep.
func Parse(p Paragraph) (Record, error) {
	record := Record{
		Name:       p.Get("Package"),
		Version:    p.Get("Version"),
		Section:    p.Get("Section"),
		Priority:   p.Get("Priority"),
		Maintainer: p.Get("Maintainer"),
		Depends:    parseDepends(p.Get("Depends")),
		Tags:       parseTags(p.Get("Tag")),
	}
	if record.Name == "" || record.Version == "" {
		return Record{}, errors.New("a paragraph without Package or Version")
	}
	if homepage := p.Get("Homepage"); homepage != "" {
		record.Homepage = &homepage
	}
	size, err := parseSize(p, "Size")
	if err != nil {
		return Record{}, fmt.Errorf("package %s: %w", record.Name, err)
	}
	if size != nil {
		record.Size = *size
	}
	if record.InstalledSize, err = parseSize(p, "Installed-Size"); err != nil {
		return Record{}, fmt.Errorf("package %s: %w", record.Name, err)
	}
	return record, nil
}

// ReadAll reads a whole uncompressed index.
func ReadAll(r io.Reader) ([]Record, error) {
	var records []Record
	for reader := NewReader(r); ; {
		paragraph, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return records, nil
		}
		if err != nil {
			return nil, fmt.Errorf("package index: %w", err)
		}
		record, err := Parse(paragraph)
		if err != nil {
			return nil, fmt.Errorf("package index: paragraph before line %d: %w", reader.line, err)
		}
		records = append(records, record)
	}
}

// parseSize returns nil for a field that is not there.
func parseSize(p Paragraph, field string) (*int64, error) {
	text := p.Get(field)
	if text == "" {
		return nil, nil
	}
	size, err := strconv.ParseInt(text, 10, 64)
	if err != nil || size < 0 {
		return nil, fmt.Errorf("%s %q is not a size", field, text)
	}
	return &size, nil
}

// parseDepends reads "libc6 (>= 2.34), default-mta | mail-transport-agent".
func parseDepends(text string) []Dependency {
	var depends []Dependency
	for item := range strings.SplitSeq(text, ",") {
		item = strings.Join(strings.Fields(item), " ")
		if item == "" {
			continue
		}
		target, relation, _ := strings.Cut(item, " ")
		depends = append(depends, Dependency{Target: target, Relation: relation})
	}
	return depends
}

func parseTags(text string) []string {
	var tags []string
	for tag := range strings.SplitSeq(text, ",") {
		if tag = strings.TrimSpace(tag); tag != "" {
			tags = append(tags, tag)
		}
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}

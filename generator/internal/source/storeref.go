package source

import (
	"fmt"
	"strings"
)

// TypeName is the name of a type as -old and -new give it: [*]importpath.Type[arguments], with ./dir for importpath.
type TypeName struct {
	Pointer bool
	Pkg     string // import path, a directory that begins with a dot, or "" for the interface's own scope
	Name    string
	Args    []string
}

// ParseTypeName splits a type's name. The package ends at the last dot before the arguments.
func ParseTypeName(text string) (TypeName, error) {
	var ref TypeName
	rest, pointer := strings.CutPrefix(text, "*")
	ref.Pointer = pointer
	if open := strings.IndexByte(rest, '['); open >= 0 {
		if !strings.HasSuffix(rest, "]") {
			return ref, fmt.Errorf("%s: the type arguments do not end with ]", text)
		}
		ref.Args = splitArgs(rest[open+1 : len(rest)-1])
		rest = rest[:open]
	}
	slash := strings.LastIndexByte(rest, '/')
	dot := strings.LastIndexByte(rest[slash+1:], '.')
	if dot < 0 && slash < 0 {
		ref.Name = rest
	} else if dot < 0 {
		return ref, fmt.Errorf("%s names no type: want importpath.Type or ./dir.Type", text)
	} else {
		ref.Pkg, ref.Name = rest[:slash+1+dot], rest[slash+dot+2:]
	}
	if ref.Name == "" {
		return ref, fmt.Errorf("%s names no type: want importpath.Type or ./dir.Type", text)
	}
	return ref, nil
}

// splitArgs splits type arguments at the commas outside brackets.
func splitArgs(text string) []string {
	var args []string
	depth, start := 0, 0
	for i := range len(text) {
		switch text[i] {
		case '[':
			depth++
		case ']':
			depth--
		case ',':
			if depth == 0 {
				args = append(args, strings.TrimSpace(text[start:i]))
				start = i + 1
			}
		}
	}
	return append(args, strings.TrimSpace(text[start:]))
}

// ReferredPackages are the packages that a store's name mentions, its type arguments included.
func ReferredPackages(text string) []string {
	if text == "" {
		return nil
	}
	ref, err := ParseTypeName(text)
	if err != nil {
		return nil // reported where the store is resolved
	}
	var all []string
	if ref.Pkg != "" {
		all = append(all, ref.Pkg)
	}
	for _, arg := range ref.Args {
		all = append(all, ReferredPackages(strings.TrimLeft(arg, "*[]"))...)
	}
	return all
}

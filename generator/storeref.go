package generator

import (
	"fmt"
	"strings"
)

// storeRef is the name of a type as -old and -new give it: [*]importpath.Type[arguments], with ./dir for importpath.
type storeRef struct {
	pointer bool
	pkg     string // import path, a directory that begins with a dot, or "" for the interface's own scope
	name    string
	args    []string
}

// parseStoreRef splits a type's name. The package ends at the last dot before the arguments.
func parseStoreRef(text string) (storeRef, error) {
	var ref storeRef
	rest, pointer := strings.CutPrefix(text, "*")
	ref.pointer = pointer
	if open := strings.IndexByte(rest, '['); open >= 0 {
		if !strings.HasSuffix(rest, "]") {
			return ref, fmt.Errorf("%s: the type arguments do not end with ]", text)
		}
		ref.args = splitArgs(rest[open+1 : len(rest)-1])
		rest = rest[:open]
	}
	slash := strings.LastIndexByte(rest, '/')
	dot := strings.LastIndexByte(rest[slash+1:], '.')
	if dot < 0 && slash < 0 {
		ref.name = rest
	} else if dot < 0 {
		return ref, fmt.Errorf("%s names no type: want importpath.Type or ./dir.Type", text)
	} else {
		ref.pkg, ref.name = rest[:slash+1+dot], rest[slash+dot+2:]
	}
	if ref.name == "" {
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

// referredPackages are the packages that a store's name mentions, its type arguments included.
func referredPackages(text string) []string {
	if text == "" {
		return nil
	}
	ref, err := parseStoreRef(text)
	if err != nil {
		return nil // reported where the store is resolved
	}
	var all []string
	if ref.pkg != "" {
		all = append(all, ref.pkg)
	}
	for _, arg := range ref.args {
		all = append(all, referredPackages(strings.TrimLeft(arg, "*[]"))...)
	}
	return all
}

package plan

import (
	"path/filepath"
	"strings"
)

// TreePart is a repository of a tree, whose conformance test is in the package of the root's.
type TreePart struct {
	Path []string // the methods that lead to it; none for the root
	Of   *Repository
}

// Name is the part's in the tree: "Shops.Items"; "" for the root.
func (p TreePart) Name() string { return strings.Join(p.Path, ".") }

// Parts are the repositories of the tree below a repository whose conformance tests are in its package, and itself where it reads or
// writes anything.
func (r *Repository) Parts() []TreePart {
	var all []TreePart
	if !r.HandsOutOnly() {
		all = append(all, TreePart{Of: r})
	}
	r.walk(nil, func(path []string, of *Repository) {
		if filepath.Dir(of.Output.File) == filepath.Dir(r.Output.File) && of.Output.TestFile != "" && !of.HandsOutOnly() {
			all = append(all, TreePart{path, of})
		}
	})
	return all
}

// HasTree reports whether a repository and those that it hands out are more than one that keeps something, and one of them can be tried
// beside the others.
func (r *Repository) HasTree() bool {
	keeping := 0
	if len(r.Entities) > 0 {
		keeping++
	}
	r.walk(nil, func(_ []string, of *Repository) {
		if len(of.Entities) > 0 {
			keeping++
		}
	})
	return keeping > 1 && len(r.Parts()) > 0 && len(r.TypeParams) == 0
}

// walk visits the repositories that are handed out, however deep.
func (r *Repository) walk(path []string, visit func(path []string, of *Repository)) {
	for _, s := range r.Subs {
		if s.Of == nil {
			continue // it was reported
		}
		below := append(path[:len(path):len(path)], s.Method.Name)
		visit(below, s.Of)
		s.Of.walk(below, visit)
	}
}

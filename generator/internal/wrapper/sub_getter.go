package wrapper

import (
	"fmt"
	"go/token"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
)

// askGetter asks, where a store does not have a method that hands out a repository by its name, whether the one that is left is meant: once
// for both stores. It reports whether it asked.
func (w *Wrapper) askGetter(i int, m *sub) bool {
	var lacking, args []string
	for n, s := range w.In.Stores {
		if s.Method[m.Name] != nil || m.Said.Call != nil && m.Said.Call.Names[n].Text != "" {
			continue
		}
		left := gettersLeft(w, n)
		if len(left) != 1 {
			if n == i {
				return false
			}
			continue
		}
		if n < i {
			return true // asked with the other store
		}
		lacking = append(lacking, fmt.Sprintf("the %s store %s", model.Sides[n], shape.String(s.Type)))
		args = append(args, model.Sides[n]+"="+left[0])
	}
	has, names := "has", "if this is its name for it"
	if len(lacking) > 1 {
		has, names = "have", "if these are their names for it"
	}
	remedy := fmt.Sprintf("%s, write //dualgen:call %s above it", names, strings.Join(args, " "))
	if w.functions.ImportsUs(w.In.Stores[i].Type) == nil {
		remedy += "\nor name a function over the store in its place"
	}
	w.Reports.Addf(m.Pos, remedy,
		"%s %s no method %s", strings.Join(lacking, " and "), has, m.Name)
	return true
}

// gettersLeft are a store's methods that may hand out a repository, and that no method of the interface calls, where one getter alone
// lacks its own.
func gettersLeft(w *Wrapper, i int) []string {
	s := w.In.Stores[i]
	called := w.In.MethodNames()
	for _, m := range w.allMethods() {
		if m.Said.Call != nil {
			called = append(called, m.Said.Call.Names[i].Text)
		}
	}
	lacking := 0
	for _, sub := range w.subs {
		called = append(called, sub.Name)
		if s.Method[sub.Name] == nil && (sub.Said.Call == nil || sub.Said.Call.Names[i].Text == "") {
			lacking++
		}
	}
	if lacking != 1 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.Names()), func(name string) bool {
		sig := s.Signature(name)
		if s.Method[name] == nil || !token.IsExported(name) || sig == nil || sig.Params().Len() != 0 || sig.Results().Len() != 1 || slices.Contains(called, name) {
			return true
		}
		t := sig.Results().At(0).Type()
		return shape.IsError(t) || shape.IsBasic(t)
	})
}

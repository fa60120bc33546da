package control

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/runtime/phase"
)

// sameShapes: every instance knows the same fields of a kind. An instance that does not know a field loses it whenever it
// copies an entity, and a pass of its verify does not miss it.
func sameShapes(v *view, _, _ phase.Phase, step Step) []Obstacle {
	var unmet []Obstacle
	for _, kind := range v.asked(step) {
		if o, differs := v.misshapen(kind); differs {
			unmet = append(unmet, o)
		}
	}
	return unmet
}

// misshapen returns the obstacle of a kind that two instances know different fields of.
func (v *view) misshapen(kind string) (Obstacle, bool) {
	var first *Instance
	for n := range v.instances {
		i := &v.instances[n]
		if !i.has(kind) {
			continue
		}
		if first == nil {
			first = i
			continue
		}
		if i.Shapes[kind] != first.Shapes[kind] && !v.anyShape {
			return Obstacle{Gate: GateShapes, Kind: kind, Instance: i.ID,
				Problem: fmt.Sprintf("instances %s and %s have different builds of %s: %s", first.ID, i.ID, kind, differ(first.Shapes[kind], i.Shapes[kind])),
				Remedy:  "finish the deploy, so that all instances and this command are of one build; then verify again. One that should not be there: end it and evict it"}, true
		}
	}
	return Obstacle{}, false
}

// shapes are the shapes of the kinds that are asked for, by kind. Where instances differ, a gate has refused the step.
func (v *view) shapes(step Step) map[string]string {
	var shapes map[string]string
	for _, kind := range v.asked(step) {
		for _, i := range v.instances {
			if shape, says := i.Shapes[kind]; says && i.counts() {
				if shapes == nil {
					shapes = make(map[string]string)
				}
				shapes[kind] = shape
			}
		}
	}
	return shapes
}

// Reshaped returns those of an instance's kinds whose shape is another than the one that was proved, each with how it
// differs.
func (r Record) Reshaped(shapes map[string]string) []string {
	var reshaped []string
	for kind, proved := range r.Shapes {
		if own, has := shapes[kind]; has && own != proved {
			reshaped = append(reshaped, fmt.Sprintf("%s (%s)", kind, differ(proved, own)))
		}
	}
	slices.Sort(reshaped)
	return reshaped
}

// differ says for people how two shapes differ: "the second has Email".
func differ(first, second string) string {
	switch {
	case first == "":
		return "the first does not say its fields; generate it with this version of dualgen"
	case second == "":
		return "the second does not say its fields; generate it with this version of dualgen"
	}
	a, b := fields(first), fields(second)
	var parts []string
	if only := missing(a, b); len(only) > 0 {
		parts = append(parts, "the first alone has "+strings.Join(only, ", "))
	}
	if only := missing(b, a); len(only) > 0 {
		parts = append(parts, "the second alone has "+strings.Join(only, ", "))
	}
	if len(parts) == 0 {
		return "the same fields, with other types, or another key"
	}
	return strings.Join(parts, "; ")
}

// fields are the names in a shape: those before the digest.
func fields(shape string) []string {
	names, _, _ := strings.Cut(shape, " ")
	return strings.Split(names, ",")
}

// missing are those of a that b has not.
func missing(a, b []string) []string {
	var only []string
	for _, name := range a {
		if !slices.Contains(b, name) {
			only = append(only, name)
		}
	}
	return only
}

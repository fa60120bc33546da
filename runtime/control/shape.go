package control

import (
	"context"
	"errors"
	"fmt"
	"maps"
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

// oneName: no two kinds look like one that was renamed. Each name has unclean keys of its own, which reads under the other do not look at.
func oneName(v *view, _, _ phase.Phase, step Step) []Obstacle {
	if step.Confirm {
		return nil
	}
	var unmet []Obstacle
	for _, r := range v.renamed() {
		unmet = append(unmet, Obstacle{Gate: GateConfirm, Kind: r.kinds[1], Instance: r.ids[1],
			Problem: r.String(),
			Remedy:  fmt.Sprintf("finish the deploy, forget the name that is gone, and verify again; confirm if %s and %s are two kinds in tables of their own", r.kinds[0], r.kinds[1])})
	}
	return unmet
}

// renaming are two kinds with the same fields that no instance has both of.
type renaming struct{ kinds, ids [2]string }

func (r renaming) String() string {
	return fmt.Sprintf("instance %s has %s, instance %s has %s, with the same fields, and none has both: if that is one kind under two names, reads under one miss the unclean keys of the other",
		r.ids[0], r.kinds[0], r.ids[1], r.kinds[1])
}

func (v *view) renamed() []renaming {
	holders := make(map[string][]*Instance)
	for n := range v.instances {
		for kind := range v.instances[n].Shapes {
			if v.instances[n].has(kind) {
				holders[kind] = append(holders[kind], &v.instances[n])
			}
		}
	}
	var all []renaming
	kinds := slices.Sorted(maps.Keys(holders))
	for n, a := range kinds {
		for _, b := range kinds[n+1:] {
			one, other := holders[a][0], holders[b][0]
			both := slices.ContainsFunc(holders[a], func(i *Instance) bool { return i.has(b) })
			if !both && !v.anyShape && slices.Equal(fields(one.Shapes[a]), fields(other.Shapes[b])) {
				all = append(all, renaming{[2]string{a, b}, [2]string{one.ID, other.ID}})
			}
		}
	}
	return all
}

// orphans: unclean keys are of kinds that a live instance has. Nobody copies others, and a build that has the kind under another name does not
// know of them.
func orphans(v *view, _, _ phase.Phase, _ Step) []Obstacle {
	var unmet []Obstacle
	for _, kind := range slices.Sorted(maps.Keys(v.orphaned)) {
		unmet = append(unmet, Obstacle{Gate: GateKinds, Kind: kind,
			Problem: fmt.Sprintf("%s keys of %s are unclean, and no live instance has that kind", v.owed.Text(v.orphaned[kind]), kind),
			Remedy:  "run a build that has it until they are copied; if it was renamed or removed: forget " + kind + ", which voids the certificates"})
	}
	return unmet
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

// otherBuild names an instance that knows other fields of a kind, or nothing. What it copies lacks them, also after a pass has compared
// the key, and nobody can tell so once it is gone.
func otherBuild(kind, shape string, instances []Instance) (id, how string) {
	for _, i := range instances {
		if i.has(kind) && i.Shapes[kind] != shape {
			return i.ID, differ(shape, i.Shapes[kind])
		}
	}
	return "", ""
}

func mixed(id, how string) string { return fmt.Sprintf("instance %s, %s", id, how) }

// Outgrown returns those of an instance's kinds that were proved by a build which knows other fields, where nobody has noted so yet and the
// instance may copy. It must note that, by Outgrow, before it lets a call in: what it copies lacks fields, and once it has ended nobody can tell.
// Kinds of which the record has the shape are left out: the instance refuses calls.
func (r Record) Outgrown(kinds []string, shapes map[string]string) []string {
	var outgrown []string
	for _, kind := range kinds {
		certificate, ok := r.Certificates[kind]
		_, refused := r.Shapes[kind]
		if ok && r.Phase.Mirrored() && certificate.Epoch == r.MirroredSince && certificate.Mixed == "" && certificate.Shape != shapes[kind] && !refused {
			outgrown = append(outgrown, kind)
		}
	}
	return outgrown
}

// Outgrow notes in the certificates of Outgrown kinds that an instance of another build, by, came after them. They count no longer.
func Outgrow(ctx context.Context, control Control, kinds []string, shapes map[string]string, by string) error {
	_, err := Update(ctx, control, func(r *Record) error {
		outgrown := r.Outgrown(kinds, shapes)
		if len(outgrown) == 0 {
			return errNothing
		}
		for _, kind := range outgrown {
			certificate := r.Certificates[kind]
			certificate.Mixed = mixed(by, differ(certificate.Shape, shapes[kind]))
			r.Certificates[kind] = certificate
		}
		r.By = by
		return nil
	})
	if errors.Is(err, errNothing) {
		return nil
	}
	return err
}

// lookAgain notes an instance of another build that registered while a certificate was stored, and had loaded the record before that.
func lookAgain(ctx context.Context, control Control, kind, shape string) error {
	instances, err := control.Instances(ctx)
	if err != nil {
		return fmt.Errorf("certificate of %s: look for other builds: %w", kind, err)
	}
	id, how := otherBuild(kind, shape, instances)
	if how == "" {
		return nil
	}
	n := slices.IndexFunc(instances, func(i Instance) bool { return i.ID == id })
	return Outgrow(ctx, control, []string{kind}, instances[n].Shapes, id)
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

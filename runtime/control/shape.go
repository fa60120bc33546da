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
// On the way back, a kind that was not proved has none: its calls were refused.
func oneName(v *view, from, to phase.Phase, step Step) []Obstacle {
	if step.Confirm {
		return nil
	}
	var unmet []Obstacle
	for _, r := range v.renamed() {
		if !v.record.away(from, to) && len(v.record.Unproved(r.kinds[:])) > 0 {
			continue
		}
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
// know of them. The way back to the store that the fleet came from does not ask: it may have to be taken while a service is down.
func orphans(v *view, from, to phase.Phase, _ Step) []Obstacle {
	if !v.record.away(from, to) {
		return nil
	}
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

// Newcomer returns those of an instance's kinds that the last build which came to copy them knows other fields of. The instance must Join
// before it lets a call in: what it copies lacks fields, or has more, and once it has ended nobody can tell. Kinds of which the record has the
// shape are left out: an instance with another refuses calls. So are those that nothing was proved of yet, by no pass that ended or began.
func (r Record) Newcomer(kinds []string, shapes map[string]string) []string {
	return slices.DeleteFunc(slices.Clone(kinds), func(kind string) bool {
		_, refused := r.Shapes[kind]
		last, known := r.Builds[kind]
		certificate, certified := r.Certificates[kind]
		same := known && last.Shape == shapes[kind] || !known && (!certified || certificate.Shape == shapes[kind])
		return refused || same || !r.Phase.Mirrored()
	})
}

// Join notes that an instance, by, came with the build that those shapes are of, where the last one was another. Certificates from before
// that count no longer.
func Join(ctx context.Context, control Control, kinds []string, shapes map[string]string, by string) error {
	return join(ctx, control, shapes, by, func(r Record) []string { return r.Newcomer(kinds, shapes) })
}

func join(ctx context.Context, control Control, shapes map[string]string, by string, which func(Record) []string) error {
	_, err := Update(ctx, control, func(r *Record) error {
		kinds := which(*r)
		if len(kinds) == 0 {
			return errNothing
		}
		if r.Builds == nil {
			r.Builds = make(map[string]Build)
		}
		for _, kind := range kinds {
			last, known := r.Builds[kind]
			certificate, certified := r.Certificates[kind]
			if known || certified && certificate.Shape != shapes[kind] {
				last.Turn++
			}
			r.Builds[kind] = Build{Shape: shapes[kind], Turn: last.Turn, By: by}
		}
		r.By = by
		return nil
	})
	if errors.Is(err, errNothing) {
		return nil
	}
	return err
}

// Begin begins a verify pass: it returns the settled record, and which instance of another build is there, if one is. Its errors are those of
// Settled.
func Begin(ctx context.Context, control Control, kind, shape, by string) (began Record, mixed string, err error) {
	err = join(ctx, control, map[string]string{kind: shape}, by, func(r Record) []string {
		if last, known := r.Builds[kind]; known && last.Shape == shape || !r.Phase.Mirrored() {
			return nil
		}
		return []string{kind}
	})
	if err != nil {
		return Record{}, "", fmt.Errorf("note the pass's build: %w", err)
	}
	if began, err = Settled(ctx, control); err != nil {
		return began, "", err
	}
	// After the record was loaded: whoever registers later, and is of another build, changes it.
	instances, err := control.Instances(ctx)
	if err != nil {
		return began, "", fmt.Errorf("look for other builds: %w", err)
	}
	return began, beside(kind, shape, instances), nil
}

// beside is what a certificate says of an instance of another build that is there, or nothing.
func beside(kind, shape string, instances []Instance) string {
	id, how := otherBuild(kind, shape, instances)
	if how == "" {
		return ""
	}
	return fmt.Sprintf("instance %s, %s", id, how)
}

// joined says that another build came to copy a kind since a certificate was issued, or nothing.
func (r Record) joined(kind string, certificate Certificate) string {
	last, known := r.Builds[kind]
	switch {
	case certificate.Mixed != "":
		return "was verified while another build wrote and copied: " + certificate.Mixed
	case certificate.Turn != last.Turn || known && last.Shape != certificate.Shape:
		how := "one that knows other fields, and after it one that knows the same"
		if last.Shape != certificate.Shape {
			how = differ(certificate.Shape, last.Shape)
		}
		return fmt.Sprintf("was verified before another build came to write and copy: instance %s, %s", last.By, how)
	}
	return ""
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

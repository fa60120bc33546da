package control

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

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

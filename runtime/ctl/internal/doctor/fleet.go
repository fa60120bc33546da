package doctor

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
)

func (e *examination) lookAtFleet(ctx context.Context) {
	instances, err := e.Control.Instances(ctx)
	if err != nil {
		e.add(Finding{"fleet", Problem, fmt.Sprintf("the instances cannot be listed: %v", err), "no step can be made", "doctor"})
		return
	}
	incarnation, err := e.Migration.Journal().Incarnation(ctx)
	if err != nil {
		incarnation = "" // said by lookAtJournal
	}
	others, fine, reconciling := 0, 0, false
	var dead []control.Instance
	for _, in := range instances {
		if in.ID == e.Migration.Instance() {
			continue
		}
		if !in.Live {
			dead = append(dead, in)
			continue
		}
		same := e.lookAtInstance(in, incarnation)
		if in.Command {
			continue
		}
		others++
		reconciling = reconciling || in.Reconciles
		if same {
			fine++
		}
	}
	e.lookAtDead(dead)
	switch {
	case others == 0:
		e.add(Finding{"fleet", Warning, "no instance of the service is alive", "a service that runs without the wrapper, or with another control store or migration's name, writes where the fleet does not see it",
			"deploy the wrapper everywhere; then: advance --expect-instances N, with your own count of processes"})
		return
	case fine == others:
		e.ok("fleet", "%d instances, on this record, journal and pair of stores", others)
	}
	if !reconciling && e.record.Phase.Mirrored() {
		e.add(Finding{"fleet", Warning, "no instance runs a reconciler", "unclean keys pile up, and block the steps", "reconcile"})
	}
}

// named is how many instances a finding names.
const named = 5

// lookAtDead looks at the instances whose leases ran out. A fleet that is killed often has many: they are one finding.
func (e *examination) lookAtDead(dead []control.Instance) {
	var ids []string
	var last time.Duration
	for _, in := range dead {
		switch {
		case in.KeepsLast:
			e.add(Finding{"fleet", Problem, fmt.Sprintf("instance %s is cut off, and goes on in %v", in.ID, in.Phase), "the fleet waits for it",
				"once its process has certainly ended: evict " + in.ID})
		case !in.Command:
			if len(ids) == 0 || -in.Left < last {
				last = -in.Left
			}
			ids = append(ids, in.ID)
		}
	}
	const consequence = "it refuses calls until it is heard of again; the fleet goes on without it, and its kinds are asked for as long as it is listed"
	last = last.Round(time.Second)
	switch {
	case len(ids) == 1:
		e.add(Finding{"fleet", Warning, fmt.Sprintf("the lease of instance %s ran out %v ago: its process ended without leaving, hangs, or does not reach the control store",
			ids[0], last), consequence, "look at its process; once that has certainly ended: evict " + ids[0]})
	case len(ids) > 1:
		list := strings.Join(ids[:min(named, len(ids))], ", ")
		if more := len(ids) - named; more > 0 {
			list = fmt.Sprintf("%s and %d more", list, more)
		}
		e.add(Finding{"fleet", Warning, fmt.Sprintf("the leases of %d instances ran out, the last one %v ago: %s. Their processes ended without leaving, hang, or do not reach the control store",
			len(ids), last, list), "each " + consequence, "look at their processes (status --all lists them); of each that has certainly ended: evict INSTANCE"})
	}
}

// lookAtInstance reports whether a live instance is of the same fleet as this command.
func (e *examination) lookAtInstance(in control.Instance, incarnation string) bool {
	before := len(e.findings)
	if in.Acked < e.record.Epoch {
		note := in.Note
		if note == "" {
			note = "calls of the epoch before have not ended, or it has not read the record yet"
		}
		e.add(Finding{"fleet", Problem, fmt.Sprintf("instance %s follows epoch %d, and the record is at %d: %s", in.ID, in.Acked, e.record.Epoch, note),
			"the next step waits for it", "status --all"})
	} else if in.Note != "" {
		e.add(Finding{"fleet", Problem, fmt.Sprintf("instance %s: %s", in.ID, in.Note), "it may refuse calls", "status --all"})
	}
	if in.Journal != "" && incarnation != "" && in.Journal != incarnation {
		e.add(Finding{"fleet", Problem, fmt.Sprintf("instance %s writes to another journal than this command", in.ID),
			"keys that it leaves unclean are copied by nobody here, and no proof of parity counts for it", "give both the same journal: same database, same table prefix, same migration's name"})
	}
	if other := (control.Record{Stores: [2]string{e.own[0].Store, e.own[1].Store}}).OtherStores(in.Stores); other != "" {
		e.add(Finding{"fleet", Problem, fmt.Sprintf("instance %s %s (taking this command's for the fleet's)", in.ID, other), "one of the two writes, or copies, where nobody looks",
			"correct the configuration of the wrong one; then: stores --pin"})
	}
	for _, copier := range e.Migration.Copiers() {
		if shape, has := in.Shapes[copier.Kind()]; has && copier.Shape() != "" && shape != copier.Shape() {
			e.add(Finding{"fleet", Warning, fmt.Sprintf("instance %s knows other fields of %s than this command", in.ID, copier.Kind()),
				"a copy by either leaves out what the other alone knows, and no certificate counts while both run", "build this command, or deploy that instance, anew"})
		}
	}
	return len(e.findings) == before
}

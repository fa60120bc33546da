package control

import "fmt"

// warnings are what stands in no step's way, and is likely to be a mistake all the same.
func (v *view) warnings() []string {
	var warnings []string
	live, reconciling := 0, 0
	for _, i := range v.instances {
		if i.Live && len(i.Kinds) > 0 && i.ID != v.self {
			live++
		}
		if i.Live && i.Reconciles {
			reconciling++
		}
	}
	mirrored := v.record.Phase.Mirrored()
	switch {
	case v.record.Revision == 0:
	case live == 0:
		warnings = append(warnings, "no instance with a wrapper is alive: a service that runs without one, or with another control store or migration's name, writes where the fleet does not see it")
	case mirrored && reconciling == 0:
		warnings = append(warnings, fmt.Sprintf("no instance runs a reconciler: the %d unclean keys, and those to come, are not copied; run reconcile.Run beside the wrapper in each instance, or the command reconcile", v.counts.Unclean()))
	}
	return warnings
}

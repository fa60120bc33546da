package prom

// family is one metric.
type family struct {
	name   string
	help   string
	labels []string
}

// families are the Collector's metrics. Units are those of the name.
var families = []family{
	{"dualgen_calls_total", "Calls that were let in.", []string{"method"}},
	{"dualgen_calls_refused_total", "Calls that were refused before any store was touched.", []string{"method"}},
	{"dualgen_mirror_writes_total", "Mirror writes: done, failed, or dropped for want of room; the last two are left to the reconciler.", []string{"method", "outcome"}},
	{"dualgen_unjournaled_writes_total", "Writes that ran without the journal: parity is void.", []string{"method"}},
	{"dualgen_unknown_writes_total", "Writes that were made, but answered with ErrUnknown.", []string{"method"}},
	{"dualgen_compare_reads_total", "Reads compared with the other store.", []string{"method"}},
	{"dualgen_compare_mismatches_total", "Confirmed differences between the stores.", []string{"method"}},
	{"dualgen_compare_skipped_total", "Comparisons without a verdict: dropped for want of room, failed, or of keys that were unclean.", []string{"method", "reason"}},
	{"dualgen_in_flight_calls", "Calls that have not ended, their asynchronous mirror writes included.", nil},
	{"dualgen_journal_failures_total", "Calls of the journal that failed.", nil},
	{"dualgen_journal_retries", "Tokens whose end is being retried.", nil},

	{"dualgen_phase", "The phase in view: 0 none yet, 1 OldOnly, 2 OldPrimary, 3 OldGuarded, 4 NewGuarded, 5 NewPrimary, 6 NewOnly.", nil},
	{"dualgen_ready", "1 if calls are let in.", nil},
	{"dualgen_epoch", "The epoch in view.", nil},
	{"dualgen_epoch_acknowledged", "The latest epoch that this instance acknowledged.", nil},
	{"dualgen_record_age_seconds", "Since the flag record was last read.", nil},
	{"dualgen_lease_remaining_seconds", "What is left of this instance's lease; negative once it ran out.", nil},

	{"dualgen_fleet_look_age_seconds", "Since the fleet was last looked at: how old the series below are.", nil},
	{"dualgen_fleet_look_failures_total", "Looks at the fleet that failed.", nil},
	{"dualgen_fleet_phase", "The flag record's phase, by the numbers of dualgen_phase.", nil},
	{"dualgen_fleet_epoch", "The flag record's epoch.", nil},
	{"dualgen_fleet_instances", "Instances: live, of those behind and reconciling; gone without leaving.", []string{"state"}},
	{"dualgen_fleet_lag_epochs", "How many epochs the last live instance is behind.", nil},
	{"dualgen_fleet_blocked_gates", "Gates between the fleet and its next phase.", nil},
	{"dualgen_fleet_freeze", "What is refused: 0 nothing, 1 writes, 2 every call.", nil},
	{"dualgen_fleet_paused", "1 while reconcilers, backfills and verify passes are paused.", nil},

	{"dualgen_unclean_keys", "Keys in which the stores may differ.", []string{"kind"}},
	{"dualgen_quarantined_keys", "Unclean keys that are no longer retried.", []string{"kind"}},
	{"dualgen_backfill_entities", "Entities of the backfill so far: written, the same already, failed.", []string{"kind", "outcome"}},
	{"dualgen_backfill_complete", "1 if the backfill is complete.", []string{"kind"}},
	{"dualgen_verify_entities", "Entities that the latest verify pass has read.", []string{"kind", "store"}},
	{"dualgen_verify_differing_keys", "Keys that the latest verify pass found to differ.", []string{"kind"}},
	{"dualgen_certificate_valid", "1 if the kind's certificate counts.", []string{"kind"}},
	{"dualgen_certificate_age_seconds", "Since the kind's certificate was issued.", []string{"kind"}},
}

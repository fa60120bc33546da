package ctl

import (
	"context"
	"flag"
	"fmt"
	"io"
)

// command is one verb.
type command struct {
	name string
	args string // for the usage line
	help string
	// reads says that the command changes nothing, and serves where nothing can be written.
	reads bool
	// bind declares the command's own flags and returns what runs it.
	bind func(*flag.FlagSet) func(context.Context, *session) error
}

// commands in the order in which a migration needs them.
var commands = []command{
	{"status", "[--all]", "phase, instances, progress, what blocks the next step", true, bindStatus},
	{"watch", "[--every 2s] [--all] [--exec PROGRAM] [--post URL]", "status, again and again, until it is interrupted", true, bindWatch},
	{"console", "[--listen 127.0.0.1:0] [--operate]", "a web page on the migration, on this machine alone, until it is interrupted", true, bindConsole},
	{"doctor", "[--probe]", "what is wrong, or likely to be: stores, schema, time limits, clocks, instances; each with its remedy", true, bindDoctor},
	{"history", "[--limit N]", "who changed what, when and why", true, bindHistory},
	{"init", "", "make the first flag record, at OldOnly", false, bindInit},
	{"stores", "[--pin [--confirm]]", "which two stores the fleet writes; pin this command's", false, bindStores},
	{"advance", "[--to PHASE] [--confirm] [--abandon KIND] [--expect-instances N] [--ready D] [--postpone FILE] [--wait 30s]", "one phase forward", false, bindMove("advance")},
	{"back", "[--to PHASE] [--confirm] [--ready D] [--wait 30s]", "one phase back", false, bindMove("back")},
	{"set", "[--mirror MODE] [--compare SHARE] [--compare-self] [--freeze WHAT] [--fallback WHAT [--confirm]] [--canary SHARE] [--canary-errors SHARE] [--canary-p99 D] [--certificate-age D] [--recount SHARE] [--backfill-rate N] [--wait D]", "change settings at run time, and wait until all instances follow", false, bindSet},
	{"stop", "[--wait 30s]", "refuse writes, and pause reconcilers, backfills and verify passes, in the whole fleet", false, bindEdit("stop", "to go on: resume, then set --freeze none")},
	{"pause", "[--wait 30s]", "pause reconcilers, backfills and verify passes in the whole fleet; calls go on", false, bindEdit("pause", "")},
	{"resume", "[--wait 30s]", "let them go on; a freeze stays", false, bindEdit("resume", "")},
	{"cutoff", "[--confirm] [--lead D] [--wait 30s] [TIME|none]", "show or move the cutoff of timed rollover", false, bindCutoff},
	{"backfill", "[--rate N] [--restart] [--since TIME] [KIND...]", "copy what was there before the migration; resumes", false, bindBackfill},
	{"verify", "[--repair] [--sample SHARE] [--resume] [--rate N] [--every D] [KIND...]", "compare both stores; issue the certificate", false, bindVerify},
	{"reconcile", "[--once] [--rate N]", "copy unclean keys until none is left", false, bindReconcile},
	{"unclean", "[--kind KIND] [--limit N] [list]", "keys in which the stores may differ: since when, attempts, last error", true, bindUnclean},
	{"quarantine", "list|retry [KEY...]|drop --confirm KEY...", "keys that are no longer retried", false, bindQuarantine},
	{"queue", "list|retry [SEQ...]|drop --confirm SEQ...", "queued writes that were given up: each blocks its key", false, bindQueue},
	{"forget", "[--confirm] KIND", "ask no more for a kind that no build has any more", false, bindForget},
	{"evict", "[--confirm] INSTANCE", "let the fleet go on without an instance that is gone", false, bindEvict},
	{"recover", "--confirm", "go on after the journal lost its memory between the guarded phases, or the flag record was put back from a copy", false, bindRecover},
}

func usage(w io.Writer) {
	fmt.Fprintln(w, "Usage: COMMAND [--json] [--why TEXT] [--dry-run] [flags] [arguments]")
	fmt.Fprintln(w)
	for _, c := range commands {
		fmt.Fprintf(w, "  %-11s %s\n", c.name, c.help)
		if c.args != "" {
			fmt.Fprintf(w, "  %-11s   %s\n", "", c.args)
		}
	}
	fmt.Fprintln(w, "\n--why is kept with the change, and --dry-run changes nothing, and says what would be done.")
	fmt.Fprintln(w, "Exit status: 0 done, 1 failed, 2 wrong command line, 3 refused by a gate, 4 the stores differ.")
}

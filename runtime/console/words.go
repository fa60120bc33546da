package console

import (
	"fmt"
	"html/template"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/limits"
	"github.com/dualgen/dualgen/runtime/internal/outlook"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// words are the functions of the templates. Text that comes from elsewhere passes line: a key must not draw over the page.
var words = template.FuncMap{
	"line":     func(text any) string { return outlook.Line(fmt.Sprint(text)) },
	"ago":      outlook.Ago,
	"short":    outlook.Short,
	"longest":  func() int { return limits.Why },
	"describe": outlook.Describe,
	"state":    outlook.EntryState,
	"percent":  func(share float64) int { return int(100 * share) },
	"left":     func(d time.Duration) string { return d.Round(100 * time.Millisecond).String() },
	"utc":      func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") },
	"unclean":  func(c journal.Counts) string { return c.Text(c.Unclean()) },
	"poisoned": func(c journal.Counts) string { return c.Text(c.Quarantined) },
	"means":    func(p phase.Phase) string { return meanings[p] },
	"writes": func(p phase.Phase) string {
		if p.Mirrored() {
			return "both stores"
		}
		return "the " + p.Primary().String() + " store"
	},
}

// meanings say what a phase is, to somebody who does not know the words yet.
var meanings = map[phase.Phase]string{
	phase.OldOnly:    "only the old store is used",
	phase.OldPrimary: "the old store answers, the new one is filled",
	phase.OldGuarded: "the old store answers, every key is watched",
	phase.NewGuarded: "the new store answers, every key is watched",
	phase.NewPrimary: "the new store answers, the old one follows",
	phase.NewOnly:    "only the new store is used",
}

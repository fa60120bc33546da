package directive

import (
	"go/token"
	"strings"
	"time"

	"github.com/dualgen/dualgen/generator/internal/text"
)

// parseCompare parses when two results are equal.
func parseCompare(a *arguments) Directive {
	d := &Compare{Said: a.Said, Round: map[string]time.Duration{}}
	if len(a.words) > 0 && a.words[0].Text == "none" {
		word := a.next("")
		if d.None = a.method; !a.method {
			a.fail(word.Pos, "//dualgen:compare none speaks of one method: write it above that")
		}
		return d
	}
	if len(a.words) > 0 && !a.method && compareNames(a) {
		return d
	}
	a.options([]string{"ignore", "round", "unordered", "equal", "fields"}, func(name string, value text.Word) {
		switch name {
		case "ignore":
			d.Ignore = strings.Split(value.Text, ",")
		case "unordered":
			d.Unordered = strings.Split(value.Text, ",")
		case "round":
			d.addRounds(a, value)
		case "equal":
			d.Equal = text.SplitComma(value)
		case "fields":
			d.Fields = strings.Split(value.Text, ",")
		}
	})
	if a.method && len(d.Equal)+len(d.Fields) > 0 {
		a.fail(a.Pos, "//dualgen:compare says equal= and fields= of types: above the interface")
	}
	if len(d.Ignore)+len(d.Round)+len(d.Unordered)+len(d.Equal)+len(d.Fields) == 0 && !a.bad {
		a.fail(a.Pos, "//dualgen:compare says nothing")
	}
	return d
}

// compareNames refuses the names of methods above the interface: what stands there is meant for all.
func compareNames(a *arguments) bool {
	name := a.words[0]
	if strings.Contains(name.Text, "=") || name.Text == "unordered" || !token.IsExported(name.Text) {
		return false
	}
	a.bad = true
	a.reports.Addf(name.Pos, "write it above the method, for its results alone: //dualgen:compare …\nor without names, for all: //dualgen:compare …",
		"//dualgen:compare above the interface speaks of all its methods, and names %s", name.Text)
	a.words = nil
	return true
}

// addRounds parses round=CreatedAt:1ms,UpdatedAt:1s; without a field it is meant for every time.
func (d *Compare) addRounds(a *arguments, value text.Word) {
	for _, part := range text.SplitComma(value) {
		field, unit, ok := strings.Cut(part.Text, ":")
		if !ok {
			field, unit = "", part.Text
		}
		duration, err := time.ParseDuration(unit)
		if err != nil || duration <= 0 {
			a.fail(part.Pos, "%q is no duration to round to", unit)
			return
		}
		d.Round[field] = duration
	}
}

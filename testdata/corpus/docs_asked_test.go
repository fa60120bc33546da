package corpus

import (
	"fmt"
	"regexp"
	"strings"
)

// askedOf are the questions by what a person has to decide, and why no rule does. The first that matches counts.
var askedOf = []struct {
	what    string
	pattern *regexp.Regexp
	why     string
}{
	{"no repository", regexp.MustCompile(`is likely no repository`), "one question for the whole interface: nothing can be decided of it"},
	{"what a method does", regexp.MustCompile(`reads or writes|what \S+ does|lifecycle method`), "its name is no verb, or says two things, and its signature fits both"},
	{"which entity", regexp.MustCompile(`cannot tell which entit`), "neither its name nor its signature has one that is known"},
	{"whether that entity alone", regexp.MustCompile(`writes? \S+ alone|changes an? \S+ too|which key`), "what is written beside it only the code shows"},
	{"how it is found", regexp.MustCompile(`what the key of`), "no field of the struct is what finds it"},
	{"whether a call may be repeated", regexp.MustCompile(`whether calling`), "it returns what a store makes"},
	{"what copies it", regexp.MustCompile(`copied between|nothing copies|copies \S+, which|cannot copy`), "no method does: a function is to be written"},
	{"when two values are equal", regexp.MustCompile(`compare|are equal`), "an interface, or a type that hides its fields, lies in what is stored"},
	{"by which error nothing is there", regexp.MustCompile(`by which error`), "a signature says \"error\", and the package has none that is named for it"},
	{"what cannot be wrapped", regexp.MustCompile(`.`), "a channel, a handle, a cursor, a transaction of several calls"},
}

// writeAsked says what is asked, by what a person has to decide.
func writeAsked(w *strings.Builder, all []verdicts) {
	counts := make([]int, len(askedOf))
	regular, methods, refused := make([]int, len(askedOf)), 0, 0
	for _, v := range all {
		for _, what := range v.asked {
			for i, kind := range askedOf {
				if !kind.pattern.MatchString(what) {
					continue
				}
				counts[i]++
				if v.label.form == "regular" {
					regular[i]++
				}
				if i == 0 {
					refused++
					methods += len(v.label.methods)
				}
				break
			}
		}
	}
	w.WriteString("What is asked, by what a person has to decide:\n\n| | questions | of regular interfaces | why no rule decides it |\n|---|---|---|---|\n")
	total, ofMethods := 0, 0
	for i, kind := range askedOf {
		fmt.Fprintf(w, "| %s | %d | %d | %s |\n", kind.what, counts[i], regular[i], kind.why)
		total += counts[i]
	}
	for _, v := range all {
		ofMethods += len(v.label.methods)
	}
	fmt.Fprintf(w, "\n%d interfaces of %d methods are refused as a whole, as no repositories. Of the others, %s questions are asked for 100 methods.\n\n",
		refused, methods, perHundred(total-refused, ofMethods-methods))
}

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
	{"what a method does: its name says nothing", regexp.MustCompile(`decides nothing`), "the words are of the project's own: Validate checks in one interface, and stores what it has checked in another"},
	{"what a method does: its name and its signature disagree", regexp.MustCompile(`reads or writes`), "a read that may take what it returns, or count it; a write that returns no error"},
	{"what a method does: an Init or an Open with arguments", regexp.MustCompile(`what \S+ does|lifecycle method`), "some store what they are handed, some open a file"},
	{"which entity", regexp.MustCompile(`cannot tell which entit`), "neither its name nor its signature has one that is known"},
	{"how it is found", regexp.MustCompile(`what the key of`), "no field of the struct is what finds it; asked with that, where it is open: what copies it, and what is written beside it"},
	{"whether that entity alone", regexp.MustCompile(`writes? \S+ alone|changes an? \S+ too|which key`), "what is written beside it only the code shows"},
	{"whether a call may be repeated", regexp.MustCompile(`whether calling`), "it returns what a store makes"},
	{"what copies it: a message of protocol buffers, or another lock", regexp.MustCompile(`hold a lock|holds a lock`), "a struct of its own is to be written: a lock cannot be copied"},
	{"what copies it: hidden entities are brought back", regexp.MustCompile(`cannot copy what`), "no method shows them"},
	{"what copies it: a stream, or no type", regexp.MustCompile(`copied between|nothing copies|copies \S+, which|cannot copy`), "no method returns it whole: a function is to be written"},
	{"when two values are equal", regexp.MustCompile(`compare|are equal`), "an interface, or a type that hides its fields, lies in what is stored"},
	{"by which error nothing is there", regexp.MustCompile(`by which error`), "a signature says \"error\", and the package has none that is named for it"},
	{"what cannot be wrapped", regexp.MustCompile(`.`), "a channel, a handle, a cursor, a transaction of several calls"},
}

// writeAsked says what is asked, by what a person has to decide.
func writeAsked(w *strings.Builder, all []verdicts) {
	counts := make([]int, len(askedOf))
	regular, several, methods, refused := make([]int, len(askedOf)), make([]int, len(askedOf)), 0, 0
	for _, v := range all {
		for _, what := range v.asked {
			for i, kind := range askedOf {
				if !kind.pattern.MatchString(what) {
					continue
				}
				counts[i]++
				switch v.label.form {
				case "regular":
					regular[i]++
				case "aggregate":
					several[i]++
				}
				if i == 0 {
					refused++
					methods += len(v.label.methods)
				}
				break
			}
		}
	}
	w.WriteString("What is asked, by what a person has to decide:\n\n| | questions | of regular interfaces | of interfaces of several kinds | why no rule decides it |\n|---|---|---|---|---|\n")
	total, ofMethods := 0, 0
	for i, kind := range askedOf {
		fmt.Fprintf(w, "| %s | %d | %d | %d | %s |\n", kind.what, counts[i], regular[i], several[i], kind.why)
		total += counts[i]
	}
	for _, v := range all {
		ofMethods += len(v.label.methods)
	}
	fmt.Fprintf(w, "| all | %d | | | |\n", total)
	writeUncertain(w, all)
	fmt.Fprintf(w, "\n%d interfaces of %d methods are refused as a whole, as no repositories. Of the others, %s questions are asked for 100 methods.\n\n",
		refused, methods, perHundred(total-refused, ofMethods-methods))
}

// writeUncertain lists the methods of regular interfaces that somebody is asked about, or has to look at.
func writeUncertain(w *strings.Builder, all []verdicts) {
	w.WriteString("\nOf the regular interfaces, the methods that are not certain:\n\n| interface | project | likely | asked |\n|---|---|---|---|\n")
	for _, v := range all {
		if v.label.form != "regular" {
			continue
		}
		byLevel := map[level][]string{}
		for _, m := range v.methods {
			byLevel[m.level] = append(byLevel[m.level], m.name)
		}
		if len(byLevel[likely])+len(byLevel[asked]) > 0 {
			name := v.label.name[strings.LastIndexByte(v.label.name, '/')+1:]
			fmt.Fprintf(w, "| `%s` | %s | %s | %s |\n", name, v.label.project, strings.Join(byLevel[likely], ", "), strings.Join(byLevel[asked], ", "))
		}
	}
}

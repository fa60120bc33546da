package corpus

import (
	"fmt"
	"slices"
	"strings"
)

const labelledIntroduction = `
## The labelled set

The table above says what can be wrapped with the right directives. Whether dualgen knows when it does not know is another question. For
that each interface of the table, and those of the other projects below, has labels: what each method does, found out by reading the code
that implements it, and never by asking dualgen. A label says whether a method reads, writes or deletes, which kinds of entities it
touches, by which key, whether the write must reach the mirror and may be repeated there, and whether two stores' answers can be compared.
For each entity it says which methods may copy it. The labels stand in ` + "`testdata/corpus/labels` and `testdata/corpus/labelled/labels`" + `.

`

// labelledPage is the part of docs/corpus.md about the labelled set.
func labelledPage(all []*labelled, versions map[string]string) string {
	var w strings.Builder
	w.WriteString(labelledIntroduction)
	forms := map[string]int{}
	var methods int
	for _, l := range all {
		forms[l.form]++
		methods += len(l.methods)
	}
	fmt.Fprintf(&w, "| | |\n|---|---|\n| interfaces | %d |\n| methods | %d |\n", len(all), methods)
	fmt.Fprintf(&w, "| regular: each method is a verb and an entity, with a key that the caller gives | %d |\n", forms["regular"])
	fmt.Fprintf(&w, "| like an object-relational mapper: the store makes keys, and updates parts | %d |\n", forms["orm"])
	fmt.Fprintf(&w, "| of several kinds of entities | %d |\n| otherwise irregular | %d |\n\n", forms["aggregate"], forms["irregular"])
	w.WriteString("| other project | what it keeps | module | interfaces | methods |\n|---|---|---|---|---|\n")
	for _, row := range otherProjects(all) {
		fmt.Fprintf(&w, "| %s | %s | `%s@%s` | %d | %d |\n", row.project, row.about, row.module, versions[row.module], row.interfaces, row.methods)
	}
	return w.String()
}

// otherProject sums up the interfaces of one project of the module labelled.
type otherProject struct {
	project, about, module string
	interfaces, methods    int
}

// otherProjects are those of the module labelled, by name.
func otherProjects(all []*labelled) []otherProject {
	var rows []otherProject
	for _, l := range all {
		if l.dir != "labelled" {
			continue
		}
		i := slices.IndexFunc(rows, func(row otherProject) bool { return row.project == l.project })
		if i < 0 {
			i = len(rows)
			rows = append(rows, otherProject{project: l.project, about: l.about, module: l.module})
		}
		rows[i].interfaces++
		rows[i].methods += len(l.methods)
	}
	slices.SortFunc(rows, func(a, b otherProject) int {
		return strings.Compare(strings.ToLower(a.project), strings.ToLower(b.project))
	})
	return rows
}

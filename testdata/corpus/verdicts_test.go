package corpus

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/dualgen/dualgen/generator"
)

// verdicts are dualgen's decisions about one interface as its project declares it, without a directive.
type verdicts struct {
	name      string // of the wrapper
	label     *labelled
	methods   []verdict
	entities  []entityVerdict
	questions int      // that have no proposal
	proposals int      // directives that somebody has to look at
	asked     []string // what the questions are
}

// entityVerdict is what dualgen decides to copy an entity with.
type entityVerdict struct {
	name    string
	level   level
	copiers map[string]string // get, put, delete and scan: a method, or a pair with a + between
}

// labelledModules are where the interfaces that have labels are named.
var labelledModules = []generator.Config{
	{Dir: ".", Patterns: []string{"./plain"}},
	{Dir: "labelled", Patterns: []string{"."}},
	{Dir: "regular", Patterns: []string{"."}},
}

// decided are the verdicts about the labelled set. Each module is loaded once.
var decided = sync.OnceValues(func() ([]verdicts, error) {
	var all []verdicts
	for _, config := range labelledModules {
		explanations, err := generator.Explain(context.Background(), config)
		if err != nil {
			return nil, err
		}
		for _, e := range explanations {
			all = append(all, readExplanation(e))
		}
	}
	return all, nil
})

// readVerdicts pairs the verdicts with their labels.
func readVerdicts(t *testing.T) []verdicts {
	t.Helper()
	all, err := decided()
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]*labelled{}
	for _, l := range readLabels(t) {
		byName[l.wrapperName()] = l
	}
	var paired []verdicts
	for _, v := range all {
		v.label = byName[v.name]
		if v.label == nil {
			t.Errorf("%s has no labels", v.name)
			continue
		}
		delete(byName, v.name)
		paired = append(paired, v)
	}
	for name := range byName {
		t.Errorf("nothing was decided about %s", name)
	}
	return paired
}

// readExplanation reads what Explain says of one interface.
func readExplanation(e generator.Explanation) verdicts {
	v := verdicts{name: e.Interface}
	open := map[string]level{}
	for _, q := range e.Questions {
		if q.Proposal != "" {
			v.proposals++
			open[q.About] = max(open[q.About], likely)
		} else {
			v.questions++
			v.asked = append(v.asked, q.What)
			open[q.About] = asked
		}
	}
	whole := len(e.Entities) == 1 && e.Entities[0].Get == ""
	for i, m := range e.Methods {
		decided := readMethod(e, i, open[m.Name])
		if whole && (decided.key == "" || decided.key == "none") { // what is of the only kind, all of it, covers whatever it touches
			decided.entities = nil
		}
		v.methods = append(v.methods, decided)
	}
	for i, entity := range e.Entities {
		v.entities = append(v.entities, readEntity(e, i, open[entity.Name]))
	}
	return v
}

// readMethod reads one method's line. An open question about it makes it less sure than it is by itself.
func readMethod(of generator.Explanation, i int, open level) verdict {
	m := of.Methods[i]
	compared := "no"
	if m.Compare {
		compared = "yes"
	}
	first, _, _ := strings.Cut(m.Key, ";") // of the first of several kinds
	key := strings.ReplaceAll(strings.ReplaceAll(first, ", ", ","), " ", "_")
	if strings.HasPrefix(key, "whole_") {
		key = "none"
	}
	var entities []string
	if m.Entity != "" {
		entities = strings.Split(strings.ReplaceAll(m.Entity, ", ", ","), ",")
	}
	return verdict{
		name: m.Name, level: max(levelOf(m.Level), open), class: strings.TrimSuffix(m.Kind, " only"),
		entities: entities, key: key, mirror: m.Mirror, compared: compared,
	}
}

// readEntity reads how one entity is copied.
func readEntity(of generator.Explanation, i int, open level) entityVerdict {
	e := of.Entities[i]
	return entityVerdict{
		name: e.Name, level: max(levelOf(e.Level), open),
		copiers: map[string]string{
			"get": e.Get, "put": strings.ReplaceAll(e.Put, ", else ", "+"), "delete": e.Delete, "scan": e.Scan,
		},
	}
}

// levelOf reads a level.
func levelOf(word string) level {
	switch word {
	case "likely":
		return likely
	case "asked":
		return asked
	}
	return certain
}

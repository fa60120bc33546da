package directive

import (
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/text"
)

// parseEntity parses both forms: above a method, the entity it touches; above the interface, how an entity is copied.
func parseEntity(a *arguments) Directive {
	entity := a.next("the name of an entity")
	if a.method {
		kinds := text.SplitComma(entity)
		return &Of{Said: a.Said, Entity: kinds[0], Also: kinds[1:]}
	}
	d := &Entity{Said: a.Said, Entity: entity}
	var short []text.Word // that say several parts at once
	a.options([]string{"type", "key", "get", "put", "delete", "scan", "since", "methods", "appendonly", "writeonly", "abandon", "shared"}, func(name string, value text.Word) {
		if value.Text == "?" { // init leaves open what it doesn't know
			if !a.Proposed {
				a.fail(value.Pos, "//dualgen:entity leaves %s open", name)
			}
			return
		}
		switch name {
		case "appendonly", "writeonly", "abandon", "shared":
			if value.Text != "" {
				a.fail(value.Pos, "//dualgen:entity takes no value for %s", name)
			}
			short = append(short, text.Word{Text: name, Pos: value.Pos})
		case "type":
			d.Type = value
		case "key":
			d.Key = text.SplitComma(value)
		case "get":
			d.Get = value
		case "put":
			d.Put = text.SplitComma(value)
		case "delete":
			d.Delete = value
		case "scan":
			d.Scan = value
		case "since":
			d.Since = value
		case "methods":
			d.Methods = text.SplitComma(value)
		}
	})
	for _, word := range short {
		d.abbreviate(a, word)
	}
	if len(d.Put) > 2 {
		a.fail(d.Put[2].Pos, "//dualgen:entity takes at most two methods for put: the second serves where the first does not")
	}
	return d
}

// abbreviate takes what one word says of an entity: appendonly, that none is removed; writeonly, that none is read either, so that nothing
// can copy it; abandon, that what one store alone has of it may be lost; shared, that another repository has the same rows.
func (d *Entity) abbreviate(a *arguments, word text.Word) {
	none := text.Word{Text: "none", Pos: word.Pos}
	unsaid := func(role string, at *text.Word) {
		if at.Text == "" {
			*at = none
		} else {
			a.fail(at.Pos, "//dualgen:entity says %s, and names a %s", word.Text, role)
		}
	}
	switch word.Text {
	case "abandon":
		d.Abandon = true
	case "shared":
		d.Shared = true
	case "appendonly":
		unsaid("delete", &d.Delete)
	case "writeonly":
		unsaid("get", &d.Get)
		unsaid("delete", &d.Delete)
		if d.Put == nil {
			d.Put = []text.Word{none}
		}
	}
}

// parseField parses a pair of fields and what is said of their values.
func parseField(a *arguments) Directive {
	d := &Field{Said: a.Said, Path: a.next("a field, such as User.FullName")}
	choices := map[string][]string{
		"unit": {"ns", "us", "ms", "s"}, "as": {"rfc3339", "json", "text", "binary", "timeuuid", "utc"}, "enum": {"name", "value", "open"},
	}
	targets := map[string]*string{
		"null": &d.Null, "unit": &d.Unit, "as": &d.As, "enum": &d.Enum, "old": &d.Names[0], "new": &d.Names[1], "get": &d.Get, "set": &d.Set,
	}
	sided := d.takeSide()
	a.options([]string{"old", "new", "null", "unit", "as", "enum", "lossy", "get", "set"}, func(name string, value text.Word) {
		if sided && name != "get" && name != "set" {
			a.fail(value.Pos, "//dualgen:field says %s of the interface's type: without %s.", name, d.Side)
		}
		if name == "lossy" {
			d.Lossy = true
			return
		}
		if known, ok := choices[name]; ok && !slices.Contains(known, value.Text) {
			a.fail(value.Pos, "%s=%s is not known: want %s", name, value.Text, strings.Join(known, ", "))
		}
		*targets[name] = value.Text
	})
	if !a.bad && !strings.Contains(d.Path.Text, ".") {
		a.fail(d.Path.Pos, "%s is no field: want Type.Field", d.Path.Text)
	}
	return d
}

// takeSide takes the side off the path of a store's struct, old.User.Name, and says whether there was one.
func (d *Field) takeSide() bool {
	side, path, ok := strings.Cut(d.Path.Text, ".")
	if !ok || !strings.Contains(path, ".") || side != "old" && side != "new" {
		return false
	}
	d.Side, d.Path.Text = side, path
	return true
}

// parseIgnore parses a field that is left out on purpose.
func parseIgnore(a *arguments) Directive {
	path := a.next("a field, such as new.User.Search")
	d := &Ignore{Said: a.Said, Path: path}
	for _, name := range []string{"old", "new"} {
		if rest, ok := strings.CutPrefix(path.Text, name+"."); ok {
			d.Side, d.Path.Text = name, rest
		}
	}
	if !a.bad && !strings.Contains(d.Path.Text, ".") {
		a.fail(path.Pos, "%s is no field: want old.Type.Field, new.Type.Field or Type.Field", path.Text)
	}
	return d
}

// parseConvert parses the names of the user's conversion functions.
func parseConvert(a *arguments) Directive { return &Convert{a.Said, a.functions()} }

// parseConstruct parses the names of constructors.
func parseConstruct(a *arguments) Directive { return &Construct{a.Said, a.functions()} }

// parseNoEffect parses the errors after which nothing of a write stands.
func parseNoEffect(a *arguments) Directive { return &NoEffect{a.Said, a.names("an error")} }

// parseRefused parses the errors by which a store refuses a write.
func parseRefused(a *arguments) Directive { return &Refused{a.Said, a.names("an error")} }

// functions takes all words as names of functions.
func (a *arguments) functions() []text.Word { return a.names("the name of a function") }

func (a *arguments) names(what string) []text.Word {
	list := text.SplitComma(a.next(what))
	for _, w := range a.words {
		list = append(list, text.SplitComma(w)...)
	}
	a.words = nil
	return list
}

// parseNotFound parses what "absent" is to the caller and in each store.
func parseNotFound(a *arguments) Directive {
	d := &NotFound{Said: a.Said}
	if len(a.words) > 0 && !strings.Contains(a.words[0].Text, "=") {
		d.Caller = a.next("an error")
	}
	a.options([]string{"old", "new"}, func(name string, value text.Word) { d.Stores[side(name)] = value })
	if d.Caller.Text == "" && d.Stores == [2]text.Word{} && !a.bad {
		a.fail(a.Pos, "//dualgen:notfound says nothing")
	}
	return d
}

// parseError parses by which of their errors the stores say one of the interface's.
func parseError(a *arguments) Directive {
	d := &Error{Said: a.Said, Caller: a.next("an error")}
	a.options([]string{"old", "new"}, func(name string, value text.Word) { d.Stores[side(name)] = value })
	if d.Stores == [2]text.Word{} && !a.bad {
		a.fail(a.Pos, "//dualgen:error lacks old= or new=")
	}
	return d
}

// parseRollover parses the key's own time.
func parseRollover(a *arguments) Directive {
	what := "the part of the key that is its time"
	if a.method {
		what = "the parameter that is the time of all it touches"
	}
	d := &Rollover{Said: a.Said, Path: a.next(what)}
	a.options([]string{"unit"}, func(_ string, value text.Word) {
		d.Unit = value.Text
		if !slices.Contains([]string{"ns", "us", "ms", "s"}, value.Text) {
			a.fail(value.Pos, "unit=%s is not known: want ns, us, ms, s", value.Text)
		}
	})
	return d
}

// parseTTL parses when an entity is gone.
func parseTTL(a *arguments) Directive {
	d := &TTL{Said: a.Said, Field: a.next("the field that is the moment from which the entity is gone, as Session.Expires")}
	for len(a.words) > 0 {
		d.Params = append(d.Params, a.next(""))
	}
	return d
}

// parseCursor parses where a method that returns page by page has its cursors.
func parseCursor(a *arguments) Directive {
	d := &Cursor{Said: a.Said, Given: a.next("the parameter that is the cursor")}
	if len(a.words) > 0 {
		d.Made = a.next("")
	}
	return d
}

// parseIdempotent parses what is said by its name alone.
func parseIdempotent(a *arguments) Directive { return &Idempotent{a.Said} }

// parseCanonical parses how the stores normalise a part of a key.
func parseCanonical(a *arguments) Directive {
	w := a.next("Entity.Part=function")
	path, function, ok := strings.Cut(w.Text, "=")
	entity, part, dotted := strings.Cut(path, ".")
	if !a.bad && (!ok || !dotted || entity == "" || part == "" || function == "") {
		a.fail(w.Pos, "%s is no part of a key and a function: want Entity.Part=function", w.Text)
	}
	at, behind := w.Pos, w.Pos
	at.Column += len(entity) + 1
	behind.Column += len(path) + 1
	return &Canonical{a.Said, text.Word{Text: entity, Pos: w.Pos}, text.Word{Text: part, Pos: at}, text.Word{Text: function, Pos: behind}}
}

// parseGen parses a value generator.
func parseGen(a *arguments) Directive {
	w := a.next("Field=function")
	field, function, ok := strings.Cut(w.Text, "=")
	if !ok && !a.bad {
		a.fail(w.Pos, "%s is no generator: want Field=function", w.Text)
	}
	at := w.Pos
	at.Column += len(field) + 1
	return &Gen{a.Said, text.Word{Text: field, Pos: w.Pos}, text.Word{Text: function, Pos: at}}
}

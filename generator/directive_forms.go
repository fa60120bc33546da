package generator

import (
	"slices"
	"strings"
	"time"
)

// parseEntity parses both forms: above a method, the entity it touches; above the interface, how an entity is copied.
func parseEntity(a *arguments) directive {
	entity := a.next("the name of an entity")
	if a.method {
		return &kindOfDirective{a.said, entity}
	}
	d := &entityDirective{said: a.said, entity: entity}
	a.options([]string{"key", "get", "put", "delete", "scan", "methods"}, func(name string, value word) {
		switch name {
		case "key":
			d.key = splitComma(value)
		case "get":
			d.get = value
		case "put":
			d.put = splitComma(value)
		case "delete":
			d.delete = value
		case "scan":
			d.scan = value
		case "methods":
			d.methods = splitComma(value)
		}
	})
	if len(d.put) > 2 {
		a.fail(d.put[2].pos, "//dualgen:entity takes at most two methods for put: the second serves where the first does not")
	}
	return d
}

// parseCompare parses when two results are equal.
func parseCompare(a *arguments) directive {
	d := &compareDirective{said: a.said, round: map[string]time.Duration{}}
	a.options([]string{"ignore", "round", "unordered"}, func(name string, value word) {
		switch name {
		case "ignore":
			d.ignore = strings.Split(value.text, ",")
		case "unordered":
			d.unordered = strings.Split(value.text, ",")
		case "round":
			d.addRounds(a, value)
		}
	})
	if len(d.ignore)+len(d.round)+len(d.unordered) == 0 && !a.bad {
		a.fail(a.pos, "//dualgen:compare says nothing")
	}
	return d
}

// addRounds parses round=CreatedAt:1ms,UpdatedAt:1s; without a field it is meant for every time.
func (d *compareDirective) addRounds(a *arguments, value word) {
	for _, part := range splitComma(value) {
		field, unit, ok := strings.Cut(part.text, ":")
		if !ok {
			field, unit = "", part.text
		}
		duration, err := time.ParseDuration(unit)
		if err != nil || duration <= 0 {
			a.fail(part.pos, "%q is no duration to round to", unit)
			return
		}
		d.round[field] = duration
	}
}

// parseField parses a pair of fields and what is said of their values.
func parseField(a *arguments) directive {
	d := &fieldDirective{said: a.said, path: a.next("a field, such as User.FullName")}
	choices := map[string][]string{
		"unit": {"ns", "us", "ms", "s"}, "as": {"rfc3339", "json", "text", "timeuuid"}, "enum": {"name", "value", "open"},
	}
	targets := map[string]*string{
		"null": &d.null, "unit": &d.unit, "as": &d.as, "enum": &d.enum, "old": &d.names[0], "new": &d.names[1], "get": &d.get, "set": &d.set,
	}
	sided := d.takeSide()
	a.options([]string{"old", "new", "null", "unit", "as", "enum", "lossy", "get", "set"}, func(name string, value word) {
		if sided && name != "get" && name != "set" {
			a.fail(value.pos, "//dualgen:field says %s of the interface's type: without %s.", name, d.side)
		}
		if name == "lossy" {
			d.lossy = true
			return
		}
		if known, ok := choices[name]; ok && !slices.Contains(known, value.text) {
			a.fail(value.pos, "%s=%s is not known: want %s", name, value.text, strings.Join(known, ", "))
		}
		*targets[name] = value.text
	})
	if !a.bad && !strings.Contains(d.path.text, ".") {
		a.fail(d.path.pos, "%s is no field: want Type.Field", d.path.text)
	}
	return d
}

// takeSide takes the side off the path of a store's struct, old.User.Name, and says whether there was one.
func (d *fieldDirective) takeSide() bool {
	side, path, ok := strings.Cut(d.path.text, ".")
	if !ok || !strings.Contains(path, ".") || side != "old" && side != "new" {
		return false
	}
	d.side, d.path.text = side, path
	return true
}

// parseIgnore parses a field that is left out on purpose.
func parseIgnore(a *arguments) directive {
	path := a.next("a field, such as new.User.Search")
	d := &ignoreDirective{said: a.said, path: path}
	for _, name := range []string{"old", "new"} {
		if rest, ok := strings.CutPrefix(path.text, name+"."); ok {
			d.side, d.path.text = name, rest
		}
	}
	if !a.bad && !strings.Contains(d.path.text, ".") {
		a.fail(path.pos, "%s is no field: want old.Type.Field, new.Type.Field or Type.Field", path.text)
	}
	return d
}

// parseConvert parses the names of the user's conversion functions.
func parseConvert(a *arguments) directive { return &convertDirective{a.said, a.functions()} }

// parseConstruct parses the names of constructors.
func parseConstruct(a *arguments) directive { return &constructDirective{a.said, a.functions()} }

// functions takes all words as names of functions.
func (a *arguments) functions() []word {
	list := splitComma(a.next("the name of a function"))
	for _, w := range a.words {
		list = append(list, splitComma(w)...)
	}
	a.words = nil
	return list
}

// parseNotFound parses what "absent" is to the caller and in each store.
func parseNotFound(a *arguments) directive {
	d := &notFoundDirective{said: a.said}
	if len(a.words) > 0 && !strings.Contains(a.words[0].text, "=") {
		d.caller = a.next("an error")
	}
	a.options([]string{"old", "new"}, func(name string, value word) { d.stores[side(name)] = value })
	if d.caller.text == "" && d.stores == [2]word{} && !a.bad {
		a.fail(a.pos, "//dualgen:notfound says nothing")
	}
	return d
}

// parseRollover parses the key's own time.
func parseRollover(a *arguments) directive {
	what := "the part of the key that is its time"
	if a.method {
		what = "the parameter that is the time of all it touches"
	}
	d := &rolloverDirective{said: a.said, path: a.next(what)}
	a.options([]string{"unit"}, func(_ string, value word) {
		d.unit = value.text
		if !slices.Contains([]string{"ns", "us", "ms", "s"}, value.text) {
			a.fail(value.pos, "unit=%s is not known: want ns, us, ms, s", value.text)
		}
	})
	return d
}

// parseGen parses a value generator.
func parseGen(a *arguments) directive {
	w := a.next("Field=function")
	field, function, ok := strings.Cut(w.text, "=")
	if !ok && !a.bad {
		a.fail(w.pos, "%s is no generator: want Field=function", w.text)
	}
	at := w.pos
	at.Column += len(field) + 1
	return &genDirective{a.said, word{field, w.pos}, word{function, at}}
}

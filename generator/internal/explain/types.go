package explain

// Interface says what was decided for one interface, and why.
type Interface struct {
	Interface   string       `json:"interface"`
	Position    string       `json:"position"` // of its //go:generate line, file:line
	Old         string       `json:"old"`
	New         string       `json:"new"`
	Output      string       `json:"output"`
	Methods     []Method     `json:"methods"`
	Entities    []Entity     `json:"entities"`
	Conversions []Conversion `json:"conversions,omitempty"`
	Errors      []string     `json:"errors,omitempty"`    // what callers are told by, what each store says in its place, and how that was found
	Untested    []string     `json:"untested,omitempty"`  // laws that no run of the conformance test can try, and why
	Questions   []Question   `json:"questions,omitempty"` // what is open: while one is, nothing is generated
}

// Question is something that nobody has decided, or that is in the way.
type Question struct {
	Position string `json:"position"`           // file:line:column
	About    string `json:"about,omitempty"`    // a method, or an entity
	What     string `json:"what"`               // what is open
	Remedy   string `json:"remedy"`             // what would settle it, line by line
	Proposal string `json:"proposal,omitempty"` // the directive that init would propose; "" where nothing is likely
}

// Method is one method's line of the table.
type Method struct {
	Name    string   `json:"name"`
	Kind    string   `json:"kind"`
	Level   string   `json:"level"` // of the weakest decision about it: stated, certain, likely or asked
	Entity  string   `json:"entity,omitempty"`
	Key     string   `json:"key,omitempty"`
	Mirror  string   `json:"mirror,omitempty"`
	Compare bool     `json:"compare"` // its results can be compared
	Old     string   `json:"old"`     // the old store's name for it
	New     string   `json:"new"`
	Reasons []string `json:"reasons"`
}

// Entity says how one kind of entity is copied.
type Entity struct {
	Name   string `json:"name"`
	Level  string `json:"level"` // of the weakest decision about it
	Key    string `json:"key"`
	Get    string `json:"get,omitempty"`
	Put    string `json:"put,omitempty"`
	Delete string `json:"delete,omitempty"`
	Scan   string `json:"scan,omitempty"`
	Order  string `json:"order,omitempty"`  // in which the scan lists
	Fields string `json:"fields,omitempty"` // that are compared; "" where values are compared as a whole, or not at all
}

// Conversion is one conversion between a repository's type and a store's.
type Conversion struct {
	Path  string   `json:"path"`
	Store string   `json:"store"`
	From  string   `json:"from"`
	To    string   `json:"to"`
	Rule  string   `json:"rule"`
	Notes []string `json:"notes,omitempty"` // what it may lose or refuse
}

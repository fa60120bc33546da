package structs

import (
	"go/types"

	"github.com/dualgen/dualgen/internal/convert/access"
	"github.com/dualgen/dualgen/internal/convert/given"
	"github.com/dualgen/dualgen/internal/convert/rule"
)

// most bounds how many pairs of fields are tried: beyond it a message would be too long to read.
const most = 400

// leaveRest leaves the columns without a counterpart to be asked about, when those of the other store are known too: on its way
// through the other struct their value would be lost.
func (m *matching) leaveRest() {
	if len(m.ours)+len(m.theirs) == 0 || m.p.IsLeft(m.r, m.ourName, m.theirName) {
		return
	}
	left := &rule.Unpaired{
		At: m.r.At, Ours: m.ourName, Theirs: m.theirName, TheirText: m.p.Text(m.r.Theirs()),
		Extra: access.ColumnNames(m.theirs), Trail: m.p.Draw(m.r.Trail),
	}
	for _, c := range m.ours {
		lone := rule.Lone{Name: c.Name()}
		if len(m.ours)*len(m.theirs) <= most {
			for _, t := range m.theirs {
				if words, ok := m.suits(c, t); ok {
					lone.Suits = append(lone.Suits, rule.Suited{Name: t.Name(), Words: words})
				}
			}
		}
		left.Fields = append(left.Fields, lone)
	}
	m.p.Left = append(m.p.Left, left)
}

// ways are what a directive may have to say of a value beside the name of its field, and how it is said.
var ways = []struct {
	words string
	says  given.Field
}{
	{"", given.Field{}},
	{"unit=ms", given.Field{Unit: "ms"}},
	{"as=rfc3339", given.Field{As: "rfc3339"}},
	{"as=text", given.Field{As: "text"}},
	{"enum=name", given.Field{Enum: "name"}},
	{"lossy", given.Field{Lossy: true}},
	{"as=json", given.Field{As: "json"}},
}

// suits reports whether a column of the store may hold one of the interface's, and what a directive must say of it then.
func (m *matching) suits(ours, theirs *access.Column) (words string, ok bool) {
	from, to := pair{ours: ours, theirs: theirs}.ends(m.r)
	if !from.Readable() || !to.Writable() {
		return "", false
	}
	_, _, gives := from.Reads()
	said := m.p.Directives.Field(m.ourName + "." + ours.Name())
	for _, way := range ways {
		_, scalar := ours.Takes().Underlying().(*types.Basic)
		if way.says.As == "json" && scalar {
			continue
		}
		field := said
		field.Unit, field.As, field.Enum = given.NameOr(said.Unit, way.says.Unit), given.NameOr(said.As, way.says.As), given.NameOr(said.Enum, way.says.Enum)
		field.Lossy = said.Lossy || way.says.Lossy
		if m.p.Suits(fieldRequest(m.p, m.r, pair{ours, theirs, field}, gives, to.Takes())) {
			return way.words, true
		}
	}
	return "", false
}

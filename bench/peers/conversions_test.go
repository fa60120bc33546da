package peers

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write CONVERSIONS.md anew")

// structs are pairs of structs with one field: its type in the one and in the other, and a value that hurts.
var structs = []struct{ from, to, value string }{
	{"int32", "int64", "-1"},
	{"int64", "int32", "1 << 40"},
	{"uint64", "int64", "1<<64 - 1"},
	{"float64", "float32", "0.1"},
	{"float64", "int64", "1.5"},
	{"int64", "float64", "1<<53 + 1"},
	{"string", "Email", `"a@b.c"`},
	{"string", "State", `"bogus"`},
	{"State", "Status", `"on"`},
	{"string", "[]byte", `"\xff"`},
	{"*string", "*string", "pointer(\"x\")"},
	{"*string", "string", "nil"},
	{"string", "*string", `""`},
	{"sql.NullString", "*string", "sql.NullString{}"},
	{"sql.NullString", "string", "sql.NullString{}"},
	{"sql.NullInt64", "*int64", "sql.NullInt64{Valid: true}"},
	{"time.Time", "time.Time", "time.Unix(1<<40, 1)"},
	{"time.Time", "int64", "time.Unix(1, 1)"},
	{"time.Time", "string", "time.Unix(1, 1)"},
	{"time.Duration", "int64", "time.Nanosecond"},
	{"[16]byte", "string", "[16]byte{1}"},
	{"[16]byte", "[]byte", "[16]byte{1}"},
	{"bool", "int8", "true"},
	{"[]string", "[]string", `[]string{"x"}`},
	{"[]int64", "[]int32", "[]int64{1 << 40}"},
	{"map[string]int64", "map[string]int32", `map[string]int64{"x": 1 << 40}`},
	{"map[string]struct{}", "[]string", `map[string]struct{}{"x": {}}`},
	{"[]string", "map[string]struct{}", `[]string{"x", "x"}`},
	{"[2]int", "[]int", "[2]int{1, 2}"},
	{"Inner", "Narrower", `Inner{"x", "y"}`},
	{"[]Inner", "[]Same", `[]Inner{{"x", "y"}}`},
	{"netip.Addr", "string", `netip.MustParseAddr("::1")`},
	{"*big.Int", "string", "big.NewInt(7)"},
	{"*Node", "*Twin", "&Node{Next: &Node{}}"},
}

const head = `import (
	"context"
	"database/sql"
	"math/big"
	"net/netip"
	"time"
)

var (
	_ context.Context
	_ sql.NullString
	_ big.Int
	_ netip.Addr
	_ time.Time
)
`

// tried are the tools, in the order of the table.
var tried = []string{"dualgen", "goverter", "copygen"}

// TestConversions runs the three over every pair, there and back, and compares the table of what became of the values.
func TestConversions(t *testing.T) {
	programs := build(t, append(slices.Clone(ours[1:]), []string{".", "github.com/jmattheis/goverter/cmd/goverter", "github.com/switchupcb/copygen"}))
	var columns []map[int]string
	for _, tool := range tried {
		c := &comparison{t: t, dir: t.TempDir(), programs: programs, tool: tool, left: map[int]string{}}
		columns = append(columns, c.outcomes())
	}
	var w strings.Builder
	w.WriteString("# What becomes of a value: dualgen, goverter, copygen\n\nWritten by `go test -run TestConversions -update`: each tool generates the conversion between two structs with one field, " +
		"there and back, without any options.\nA value that hurts is sent both ways. **exact**: it comes back, in memory of its own. **checked**: an error at run time. " +
		"**refuses**: nothing is generated, or what is\ngenerated does not compile. **loses**: it comes back changed, or shares memory with the original.\n\n" +
		"| from | to | value | dualgen | goverter | copygen |\n|---|---|---|---|---|---|\n")
	counts := map[string]int{}
	for i, s := range structs {
		fmt.Fprintf(&w, "| `%s` | `%s` | `%s` |", s.from, s.to, s.value)
		for n, column := range columns {
			fmt.Fprintf(&w, " %s |", column[i])
			counts[tried[n]+" "+column[i]]++
		}
		w.WriteString("\n")
	}
	w.WriteString("\n| | exact | checked | refuses | loses |\n|---|---|---|---|---|\n")
	for _, tool := range tried {
		fmt.Fprintf(&w, "| %s | %d | %d | %d | %d |\n", tool, counts[tool+" exact"], counts[tool+" checked"], counts[tool+" refuses"], counts[tool+" loses"])
	}
	if counts["dualgen loses"] > 0 {
		t.Errorf("dualgen loses something")
	}
	if *update {
		if err := os.WriteFile("CONVERSIONS.md", []byte(w.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if text, err := os.ReadFile("CONVERSIONS.md"); err != nil || string(text) != w.String() {
		t.Errorf("CONVERSIONS.md does not say what was seen. Run: go -C bench/peers test -run TestConversions -update\n%s", w.String())
	}
}

// comparison is one tool over all pairs. What it refuses is left out, and the rest is tried again.
type comparison struct {
	t                   *testing.T
	dir, programs, tool string
	left                map[int]string
}

// outcomes are what became of the pairs' values.
func (c *comparison) outcomes() map[int]string {
	for range structs {
		if !c.generate() {
			continue
		}
		output, err := c.command("go", "run", "-gcflags=-e", ".").CombinedOutput()
		if err != nil {
			if c.leave(string(output)) || c.leave(c.functions(string(output))) {
				continue
			}
			c.t.Fatalf("%s: %v\n%s\nleft out: %v", c.tool, err, output, c.left)
		}
		all := map[int]string{}
		if err := json.Unmarshal(output, &all); err != nil {
			c.t.Fatalf("%s: %v\n%s", c.tool, err, output)
		}
		for i := range c.left {
			all[i] = "refuses"
		}
		return all
	}
	c.t.Fatalf("%s refuses everything: %v", c.tool, c.left)
	return nil
}

// pairNumber is a pair's number in the names of its types and functions.
var pairNumber = regexp.MustCompile(`\b(?:From|To|There|Back|Pairs|Store|There_|pairs)(\d+)`)

// leave leaves out the pairs that a tool or the compiler complains of; false if there are none.
func (c *comparison) leave(output string) bool {
	found := false
	for line := range strings.Lines(output) {
		for _, match := range pairNumber.FindAllStringSubmatch(line, -1) {
			if i, _ := strconv.Atoi(match[1]); c.left[i] == "" && !strings.HasPrefix(line, "#") {
				c.left[i], found = strings.TrimSpace(line), true
			}
		}
	}
	return found
}

// complaint is a line of generated code that the compiler complains of.
var complaint = regexp.MustCompile(`conv/conv\.go:(\d+):`)

// functions are the heads of the generated functions that the compiler complains of.
func (c *comparison) functions(output string) string {
	text, err := os.ReadFile(filepath.Join(c.dir, "conv/conv.go"))
	if err != nil {
		return ""
	}
	lines, heads := strings.Split(string(text), "\n"), ""
	for _, match := range complaint.FindAllStringSubmatch(output, -1) {
		at, _ := strconv.Atoi(match[1])
		for at > 0 && !strings.HasPrefix(lines[at-1], "func ") {
			at--
		}
		if at > 0 {
			heads += lines[at-1] + "\n"
		}
	}
	return heads
}

func (c *comparison) command(name string, args ...string) *exec.Cmd {
	command := exec.CommandContext(c.t.Context(), name, args...)
	command.Dir = c.dir
	command.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "DUALGENCACHE=off")
	return command
}

func (c *comparison) write(name, text string) {
	name = filepath.Join(c.dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		c.t.Fatal(err)
	}
}

// each writes a text for each pair that is left.
func (c *comparison) each(text func(i int) string) string {
	var w strings.Builder
	for i := range structs {
		if c.left[i] == "" {
			w.WriteString(text(i))
		}
	}
	return w.String()
}

// generate writes the module and runs the tool; false if it refused, and pairs were left out.
func (c *comparison) generate() bool {
	if err := os.RemoveAll(c.dir); err != nil {
		c.t.Fatal(err)
	}
	module := "module example.com/pairs\n\ngo 1.26\n"
	if c.tool == "dualgen" {
		module += "\nrequire github.com/dualgen/dualgen v0.0.0\n\nreplace github.com/dualgen/dualgen => " + runtimeOnly(c.t) + "\n"
	}
	c.write("go.mod", module)
	c.write("types/types.go", c.types())
	c.write("main.go", c.program())
	var run *exec.Cmd
	switch c.tool {
	case "dualgen":
		c.write("conv/conv.go", c.repositories())
		run = c.command(filepath.Join(c.programs, "dualgen"), "./conv")
	case "goverter":
		c.write("conv/conv.go", "package conv\n\nimport \"example.com/pairs/types\"\n"+c.each(func(i int) string {
			return fmt.Sprintf("\n// goverter:converter\n// goverter:output:file ./generated/pairs%[1]d.go\n// goverter:output:package example.com/pairs/conv/generated\ntype Pairs%[1]d interface {\n\tThere%[1]d(types.From%[1]d) types.To%[1]d\n\tBack%[1]d(types.To%[1]d) types.From%[1]d\n}\n", i)
		}))
		run = c.command(filepath.Join(c.programs, "goverter"), "gen", "./conv")
	case "copygen":
		c.write("conv/setup.yml", "generated:\n  setup: ./setup/setup.go\n  output: ./conv.go\n")
		c.write("conv/setup/setup.go", "package conv\n\nimport \"example.com/pairs/types\"\n\ntype Copygen interface {\n"+c.each(func(i int) string {
			return fmt.Sprintf("\tThere%[1]d(*types.From%[1]d) *types.To%[1]d\n\tBack%[1]d(*types.To%[1]d) *types.From%[1]d\n", i)
		})+"}\n")
		run = c.command(filepath.Join(c.programs, "copygen"), "-yml", "conv/setup.yml")
	}
	output, err := run.CombinedOutput()
	if err == nil {
		return true
	}
	if !c.leave(string(output)) {
		c.t.Fatalf("%s: %v\n%s\nleft out: %v", c.tool, err, output, c.left)
	}
	return false
}

// types are the structs.
func (c *comparison) types() string {
	return "package types\n\n" + head + `
type (
	Email    string
	State    string
	Status   string
	Inner    struct{ A, B string }
	Narrower struct{ A string }
	Same     struct{ A, B string }
	Node     struct{ Next *Node }
	Twin     struct{ Next *Twin }
)

const (
	On   State  = "on"
	Off  State  = "off"
	IsOn Status = "on"
	Gone Status = "gone"
)
` + c.each(func(i int) string {
		return fmt.Sprintf("\ntype From%[1]d struct {\n\tID string\n\tX  %[2]s\n}\n\ntype To%[1]d struct {\n\tID string\n\tX  %[3]s\n}\n", i, structs[i].from, structs[i].to)
	})
}

// repositories are what dualgen takes: an interface over each pair, and a store in memory.
func (c *comparison) repositories() string {
	return "package conv\n\nimport (\n\t\"context\"\n\t\"errors\"\n\n\t\"example.com/pairs/types\"\n)\n\nvar ErrNotFound = errors.New(\"not found\")\n" + c.each(func(i int) string {
		return fmt.Sprintf(`
//dualgen:entity From%[1]d key=ID get=Get put=Put delete=none scan=none
//dualgen:notfound ErrNotFound old=nil
//go:generate go tool dualgen -test=false -old Store%[1]d
type Pairs%[1]d interface {
	Get(ctx context.Context, id string) (types.From%[1]d, error)
	Put(ctx context.Context, value types.From%[1]d) error
}

type Store%[1]d struct{ row types.To%[1]d }

func (s *Store%[1]d) Get(ctx context.Context, id string) (types.To%[1]d, error) { return s.row, nil }
func (s *Store%[1]d) Put(ctx context.Context, row types.To%[1]d) error         { s.row = row; return nil }

func Both%[1]d(value types.From%[1]d) (types.From%[1]d, error) {
	shim := oldPairs%[1]d{&Store%[1]d{}}
	if err := shim.Put(context.Background(), value); err != nil {
		return value, err
	}
	return shim.Get(context.Background(), "")
}
`, i)
	})
}

// program sends each value there and back, and prints what became of it.
func (c *comparison) program() string {
	calls := map[string]string{
		"dualgen":  "conv.Both%[1]d(value)",
		"goverter": "(&generated.Pairs%[1]dImpl{}).Back%[1]d((&generated.Pairs%[1]dImpl{}).There%[1]d(value)), error(nil)",
		"copygen":  "func() (back types.From%[1]d, err error) { var to types.To%[1]d; conv.There%[1]d(&to, &value); conv.Back%[1]d(&back, &to); return }()",
	}
	imported := "example.com/pairs/conv"
	if c.tool == "goverter" {
		imported += "/generated"
	}
	return "package main\n\nimport (\n\t\"encoding/json\"\n\t\"os\"\n\t\"reflect\"\n\n\t. \"example.com/pairs/types\"\n\t\"example.com/pairs/types\"\n\t\"" + imported + "\"\n" + strings.TrimPrefix(head, "import (\n") + `
func pointer[T any](x T) *T { return &x }

// outcome compares what came back, and looks whether it shares memory with what was sent.
func outcome(sent, back any, err error) string {
	x, y := reflect.ValueOf(sent), reflect.ValueOf(back)
	switch {
	case err != nil:
		return "checked"
	case !reflect.DeepEqual(sent, back):
		return "loses"
	case (x.Kind() == reflect.Pointer || x.Kind() == reflect.Slice || x.Kind() == reflect.Map) && !x.IsNil() && x.Pointer() == y.Pointer():
		return "loses"
	}
	return "exact"
}

func main() {
	all := map[int]string{}
` + c.each(func(i int) string {
		return fmt.Sprintf("\tfunc() {\n\t\tdefer func() {\n\t\t\tif recover() != nil {\n\t\t\t\tall[%[1]d] = \"loses\"\n\t\t\t}\n\t\t}()\n\t\tvalue := types.From%[1]d{X: %[2]s}\n\t\tback, err := "+calls[c.tool]+"\n\t\tall[%[1]d] = outcome(value.X, back.X, err)\n\t}()\n", i, structs[i].value)
	}) + "\tjson.NewEncoder(os.Stdout).Encode(all)\n}\n"
}

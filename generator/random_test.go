package generator

import (
	"errors"
	"flag"
	"fmt"
	"go/scanner"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var (
	randomSeed  = flag.Uint64("random.seed", 1, "seed of the interfaces that TestRandomInterfaces makes up")
	randomCount = flag.Int("random.count", 120, "how many interfaces TestRandomInterfaces makes up")
)

// TestRandomInterfaces makes interfaces up, odd ones too, and holds dualgen to its word: it writes what compiles, or says
// why it does not. It never panics, and never blames itself.
func TestRandomInterfaces(t *testing.T) {
	dir := newModule(t)
	random := rand.New(rand.NewPCG(*randomSeed, 0))
	for n := range *randomCount {
		writeFile(t, filepath.Join(dir, fmt.Sprintf("r%d", n), "r.go"), []byte(randomPackage(random, n)))
	}
	program, found := loadGolden(t, Config{Dir: dir})
	written := 0
	for _, r := range found.requests {
		part := &sources{requests: []*request{r}, marked: []string{r.file}}
		result, err := program.generate(t.Context(), part)
		if err != nil {
			checkRefusal(t, r.file, err)
			continue
		}
		written++
		for _, f := range result.files {
			writeFile(t, f.Path, f.Source)
		}
	}
	t.Logf("%d of %d interfaces were wrapped", written, len(found.requests))
	if written < *randomCount/10 {
		t.Errorf("only %d of %d interfaces were wrapped: the test shows little", written, *randomCount)
	}
	command := exec.CommandContext(t.Context(), "go", "vet", "./...")
	command.Dir = dir
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("seed %d: what was written does not compile: %v\n%s", *randomSeed, err, output)
	}
}

// checkRefusal demands diagnostics with a position and a remedy, none of which blames dualgen.
func checkRefusal(t *testing.T, file string, err error) {
	t.Helper()
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		t.Errorf("seed %d, %s: %v", *randomSeed, file, err)
		return
	}
	for _, e := range list {
		if e.Pos.Line == 0 || !strings.Contains(e.Msg, "\n") || strings.Contains(e.Msg, "bug") {
			t.Errorf("seed %d: %v", *randomSeed, e)
		}
	}
}

// The pools that interfaces are made of.
var (
	randomVerbs = []string{"Get", "Find", "List", "Count", "Save", "Put", "Create", "Update", "Delete", "Remove", "Purge", "Process", "Pop",
		"Increment", "GetOrCreate", "Close", "Each", "Has", "Rename", "Commit", "Peek"}
	randomNouns  = []string{"", "", "Item", "Items", "ByID", "Box", "All", "Name", "Boxes", "Stale", "Len", "Type"}
	randomParams = []string{"", "_", "id", "key", "ctx", "err", "time", "len", "store", "call", "d", "dual", "error", "value", "old", "new",
		"string", "nil", "any", "item", "errors", "context", "append", "found", "migration", "iter", "true"}
	randomTypes = []string{"string", "string", "int64", "[]byte", "bool", "time.Time", "Item", "Item", "*Item", "[]Item", "[]*Item", "map[string]Item",
		"func(Item) Item", "func(*Item) error", "chan Item", "io.Reader", "any", "error", "[]string", "[16]byte", "ID", "struct{ X int }",
		"interface{ String() string }", "Box[string]", "*Box[Item]", "hidden", "**Item", "[2]Item", "func() (Item, error)", "Set"}
	randomResults = append([]string{"iter.Seq[Item]", "iter.Seq2[Item, error]", "iter.Seq2[string, Item]"}, randomTypes...)
	randomSaid    = []string{"read", "write", "delete", "primary", "lifecycle", "key none", "key id", "mirror replay", "mirror copy", "mirror skip", "entity Item", "entity Box"}
	randomHeads   = []string{"entity Item key=ID", "entity Item key=Name,ID", "entity Item key=none get=none put=none delete=none",
		"entity Item delete=none", "entity Box key=Key", "entity Thing key=id get=none put=none delete=none", "notfound ErrMissing",
		"compare unordered", "compare ignore=Name"}
)

// randomPackage is a package with one interface.
func randomPackage(random *rand.Rand, n int) string {
	pick := func(pool []string) string { return pool[random.IntN(len(pool))] }
	var w strings.Builder
	fmt.Fprintf(&w, `package r%d

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"
)

var (
	_          context.Context
	_          io.Reader
	_          iter.Seq[int]
	_          time.Time
	ErrMissing = errors.New("missing")
)

type (
	ID     string
	hidden struct{ text string }
	Set    map[ID]struct{}
	Item   struct {
		ID   string
		Name string
		At   time.Time
		More []*Item
	}
	Box[T any] struct {
		Key   string
		Value T
	}
)

//go:generate go tool dualgen
`, n)
	if random.IntN(4) == 0 {
		fmt.Fprintf(&w, "//dualgen:%s\n", pick(randomHeads))
	}
	fmt.Fprint(&w, "type Store interface {\n")
	if random.IntN(8) > 0 {
		fmt.Fprint(&w, "\tGet(ctx context.Context, id string) (*Item, error)\n\tSave(ctx context.Context, item Item) error\n\tDelete(ctx context.Context, id string) error\n")
	}
	names := map[string]bool{"Get": true, "Save": true, "Delete": true}
	for range 1 + random.IntN(4) {
		name := pick(randomVerbs) + pick(randomNouns)
		if names[name] {
			continue
		}
		names[name] = true
		for _, said := range randomDirectives(random, pick) {
			fmt.Fprintf(&w, "\t//dualgen:%s\n", said)
		}
		fmt.Fprintf(&w, "\t%s(%s) %s\n", name, randomSignature(random, pick), randomTuple(random, pick))
	}
	fmt.Fprint(&w, "}\n")
	return w.String()
}

// randomDirectives stand above a method: mostly such as leave no question open.
func randomDirectives(random *rand.Rand, pick func([]string) string) []string {
	switch random.IntN(8) {
	case 0:
		return []string{pick(randomSaid)}
	case 1:
		return nil
	case 2, 3:
		return []string{"read"}
	case 4:
		return []string{"primary"}
	default:
		return []string{"write", "entity Item", "key none"}
	}
}

// randomSignature is a list of parameters, all with names or none.
func randomSignature(random *rand.Rand, pick func([]string) string) string {
	var params []string
	taken := map[string]bool{}
	named := random.IntN(4) > 0
	if random.IntN(3) > 0 {
		params = append(params, parameter(named, "ctx", "context.Context"))
		taken["ctx"] = true
	}
	count := random.IntN(4)
	for i := range count {
		name, typ := pick(randomParams), pick(randomTypes)
		if name == "" || taken[name] && name != "_" {
			name = fmt.Sprintf("p%d", i)
		}
		if strings.Contains(typ, name) {
			name += "1" // a parameter may not hide the type of one that follows
		}
		taken[name] = true
		if i == count-1 && random.IntN(4) == 0 {
			typ = "..." + typ
		}
		params = append(params, parameter(named, name, typ))
	}
	return strings.Join(params, ", ")
}

// parameter is a parameter with its name, or without.
func parameter(named bool, name, typ string) string {
	if !named {
		return typ
	}
	return name + " " + typ
}

// randomTuple is a list of results.
func randomTuple(random *rand.Rand, pick func([]string) string) string {
	var results []string
	for range random.IntN(3) {
		results = append(results, pick(randomResults))
	}
	if random.IntN(4) > 0 {
		results = append(results, "error")
	}
	return "(" + strings.Join(results, ", ") + ")"
}

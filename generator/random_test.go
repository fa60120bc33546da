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

	"github.com/dualgen/dualgen/generator/internal/source"
)

var (
	randomSeed  = flag.Uint64("random.seed", 1, "seed of the interfaces that TestRandomInterfaces makes up")
	randomCount = flag.Int("random.count", 120, "how many interfaces TestRandomInterfaces makes up")
	randomRun   = flag.Bool("random.run", false, "run the tests that are generated for them too, which takes a minute")
)

// TestRandomInterfaces makes interfaces up, odd ones too, and stores that differ from them, and holds dualgen to its word: it writes what compiles, or says
// why it does not. It never panics, and never blames itself.
func TestRandomInterfaces(t *testing.T) {
	dir := newModule(t)
	random := rand.New(rand.NewPCG(*randomSeed, 0))
	for n := range *randomCount {
		source, store := randomPackage(random, n)
		writeFile(t, filepath.Join(dir, fmt.Sprintf("r%d", n), "r.go"), []byte(source))
		if store != "" {
			writeFile(t, filepath.Join(dir, fmt.Sprintf("r%d", n), "db", "db.go"), []byte(store))
		}
	}
	program, found := loadGolden(t, Config{Dir: dir})
	written, shims, generics := 0, 0, 0
	for _, r := range found.Requests {
		part := &source.Found{Requests: []*source.Request{r}, Marked: []string{r.File}}
		result, err := generate(program, part)
		if err != nil {
			checkRefusal(t, r.File, err)
			continue
		}
		written++
		if r.Flags.Stores[1].Text != "" {
			shims++
		}
		if len(result.repositories()[0].TypeParams) > 0 {
			generics++
		}
		for _, f := range result.files {
			writeFile(t, f.Path, f.Source)
		}
	}
	t.Logf("%d of %d interfaces were wrapped, %d with a store of other types, %d generic", written, len(found.Requests), shims, generics)
	if written < *randomCount/10 || shims == 0 || generics == 0 {
		t.Error("so few that the test shows little")
	}
	command := exec.CommandContext(t.Context(), "go", "vet", "./...")
	command.Dir = dir
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("seed %d: what was written does not compile: %v\n%s", *randomSeed, err, output)
	}
	if *randomRun {
		runTests(t, dir)
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

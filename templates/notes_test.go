package templates

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/generator/plan"
)

var update = flag.Bool("update", false, "write the generated files of runtime/dualtest/internal/notes")

// notesDir is the package whose generated tests are run over broken stores.
const notesDir = "../runtime/dualtest/internal/notes"

func notes(t *testing.T) fixture {
	source, err := os.ReadFile(filepath.Join(notesDir, "notes.go"))
	require.NoError(t, err)
	return fixture{
		path: "github.com/dualgen/dualgen/runtime/dualtest/internal/notes", source: string(source), name: "Notes",
		decide: decideNotes,
	}
}

func decideNotes(b *builder) {
	e := b.entity("Note")
	e.Diff = &plan.FuncRef{Name: "diffNote"}
	e.Clone = &plan.FuncRef{Name: "cloneNote"}
	compared := func(m *plan.Method, diff string) {
		m.Reading = m.Field + "Reading"
		m.DiffValues = &plan.FuncRef{Name: diff}
	}
	compared(b.read("Get", e, field(1)), "diffNote")
	b.read("Find", e, field(1))
	compared(b.method["List"], "diffNotes")
	for _, name := range []string{"List", "Len"} {
		b.method[name].Entity = e
	}
	b.write("Save", plan.Replay, e, plan.KeyOne, field(1, "ID")).CloneArgs = e.Clone
	b.write("Add", plan.Copy, e, plan.KeyOut, field(1, "ID"))
	b.write("Post", plan.Copy, e, plan.KeyResult, field(0))
	b.write("Rewrite", plan.Copy, e, plan.KeyOne, field(1))
	b.write("Pin", plan.Copy, e, plan.KeyEach, field(1))
	b.write("Delete", plan.Replay, e, plan.KeyOne, field(1)).Delete = true
	b.write("DeleteUnpinned", plan.Copy, e, plan.KeyNone)
	b.method["Close"].Kind = plan.Lifecycle
	b.notFound("ErrNotFound", "Get", "Rewrite", "Delete")
	e.Get, e.Put, e.Delete = b.call("Get"), b.call("Save"), b.call("Delete")
	e.Scan = &plan.ScanCall{EntityCall: *b.call("List"), Form: plan.ScanAfterKey}
	b.Output.File = filepath.Join(notesDir, "notes_dual.go")
	b.Output.TestFile = filepath.Join(notesDir, "notes_dual_test.go")
}

// TestNotes holds the package whose tests are run over broken stores against what the templates print now.
func TestNotes(t *testing.T) {
	for _, file := range notes(t).render(t) {
		if *update {
			require.NoError(t, os.WriteFile(file.Path, file.Source, 0o644))
		}
		have, err := os.ReadFile(file.Path)
		require.NoError(t, err)
		require.Equal(t, string(have), string(file.Source), "run go test ./templates -run TestNotes -update")
	}
}

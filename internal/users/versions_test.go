package users

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// module is the module of a user: what it imports, and the versions that it is on. They are older than those of this
// project's own test modules (test/crash, test/convert), so that both ends are built and tested.
type module struct {
	imports  []string // paths in this project, or whole ones
	requires map[string]string
	without  []string // modules that go.mod must not come to name
}

var modules = map[string]module{
	"dual": {
		imports:  []string{"runtime/dual", "runtime/convert", "runtime/ctl", "github.com/jackc/pgx/v5", "github.com/gocql/gocql", "github.com/jmoiron/sqlx", "github.com/google/uuid"},
		requires: map[string]string{"github.com/jackc/pgx/v5": "v5.5.0", "github.com/gocql/gocql": "v1.6.0", "github.com/jmoiron/sqlx": "v1.3.1", "github.com/google/uuid": "v1.3.0"},
		without:  []string{"golang.org/x/tools", "github.com/dave/jennifer", "github.com/anishathalye/porcupine", "github.com/stretchr/testify"},
	},
	"sqlcontrol": {
		imports:  []string{"runtime/dual", "runtime/control/sqlcontrol", "github.com/jackc/pgx/v5/stdlib", "github.com/go-sql-driver/mysql", "modernc.org/sqlite", "github.com/jmoiron/sqlx", "github.com/stretchr/testify/require"},
		requires: map[string]string{"github.com/jackc/pgx/v5": "v5.5.0", "github.com/go-sql-driver/mysql": "v1.7.0", "modernc.org/sqlite": "v1.28.0", "github.com/jmoiron/sqlx": "v1.3.1", "github.com/stretchr/testify": "v1.8.1"},
	},
	"cqlcontrol": {
		imports:  []string{"runtime/dual", "runtime/control/cqlcontrol", "github.com/gocql/gocql", "github.com/stretchr/testify/require"},
		requires: map[string]string{"github.com/gocql/gocql": "v1.6.0", "github.com/stretchr/testify": "v1.8.1"},
	},
	"dualtest": {
		imports:  []string{"runtime/dual", "runtime/dualtest", "github.com/stretchr/testify/require", "pgregory.net/rapid"},
		requires: map[string]string{"github.com/stretchr/testify": "v1.8.1", "pgregory.net/rapid": "v1.1.0"},
	},
}

// TestVersionsAreKept: a module that begins to import the runtime, and is made tidy, stays on its versions, builds with them,
// and comes to name no module of the generator or the tests.
func TestVersionsAreKept(t *testing.T) {
	for name, m := range modules {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			m.write(t, dir)
			goCommand(t, dir, "mod", "tidy")
			goCommand(t, dir, "build", "./...")
			for path, version := range m.requires {
				assert.Equal(t, version, strings.TrimSpace(goCommand(t, dir, "list", "-m", "-f", "{{.Version}}", path)), path)
			}
			file, err := os.ReadFile(filepath.Join(dir, "go.mod"))
			require.NoError(t, err)
			for _, path := range m.without {
				assert.NotContains(t, string(file), path)
			}
		})
	}
}

func (m module) write(t *testing.T, dir string) {
	t.Helper()
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	var requires, imports strings.Builder
	for path, version := range m.requires {
		fmt.Fprintf(&requires, "require %s %s\n", path, version)
	}
	for _, path := range m.imports {
		if strings.HasPrefix(path, "runtime/") {
			path = "github.com/dualgen/dualgen/" + path
		}
		fmt.Fprintf(&imports, "import _ %q\n", path)
	}
	file := fmt.Sprintf("module example.com/user\n\ngo 1.26.0\n\n%srequire github.com/dualgen/dualgen v0.0.0\n\nreplace github.com/dualgen/dualgen => %s\n", requires.String(), root)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte(file), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "user.go"), []byte("package user\n\n"+imports.String()), 0o600))
}

// goCommand runs the go command in a directory and returns what it prints.
func goCommand(t *testing.T, dir string, arguments ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", arguments...)
	command.Dir, command.Env = dir, append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	var stderr strings.Builder
	command.Stderr = &stderr
	output, err := command.Output()
	require.NoError(t, err, "go %s: %s", strings.Join(arguments, " "), stderr.String())
	return string(output)
}

package source

import (
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// Config is what the face of the generator is given: see generator.Config.
type Config struct {
	// Dir is the directory that patterns start from. Defaults to the current directory.
	Dir string
	// Patterns are packages, as the go command names them: directories, with /... for those below. Defaults to ./...
	Patterns []string
	// Tags are build tags, separated by commas, in addition to those in GOFLAGS. Defaults to none.
	Tags string
	// Env is the environment of the go command. Defaults to the process's own.
	Env []string

	// LeftOut is told each //go:generate line that is left out, since its file's build constraints exclude it here. Defaults
	// to nobody.
	LeftOut func(token.Position)

	// Note is told what is worth knowing of what was generated, such as a kind that backfill cannot list. Defaults to nobody.
	Note func(pos token.Position, what string)

	// File, Line and Args narrow the run to one //go:generate line, as GOFILE, GOLINE and the command line say it.
	// Default to every line in Patterns.
	File string
	Line int
	Args []string
}

// Complete fills in the defaults.
func (c Config) Complete() (Config, error) {
	dir, err := filepath.Abs(c.Dir)
	if err != nil {
		return c, fmt.Errorf("find the current directory: %w", err)
	}
	if c.Dir, err = filepath.EvalSymlinks(dir); err != nil {
		return c, fmt.Errorf("open the directory: %w", err)
	}
	if len(c.Patterns) == 0 {
		c.Patterns = []string{"./..."}
	}
	if c.Patterns, err = directories(c.Dir, c.Patterns); err != nil {
		return c, err
	}
	if c.Env == nil {
		c.Env = os.Environ()
	}
	if c.File != "" {
		c.File = Absolute(c.Dir, c.File)
	}
	return c, nil
}

// directories turns patterns into directory patterns: import paths of the module lose its path. A pattern that names no
// directory is a mistake, not an empty run.
func directories(dir string, patterns []string) ([]string, error) {
	var all []string
	root := moduleRoot(dir)
	for _, pattern := range patterns {
		if !strings.HasPrefix(pattern, ".") && !filepath.IsAbs(pattern) {
			content, err := os.ReadFile(filepath.Join(root, "go.mod"))
			path := modfile.ModulePath(content)
			rest, ok := strings.CutPrefix(pattern, path)
			if root == "" || err != nil || !ok || rest != "" && rest[0] != '/' {
				return nil, &UsageError{Err: fmt.Errorf("%s is no package of this module: name a directory, such as ./users", pattern)}
			}
			pattern = root + rest
		}
		at, _ := strings.CutSuffix(pattern, "...")
		if info, err := os.Stat(Absolute(dir, at)); err != nil || !info.IsDir() {
			return nil, &UsageError{Err: fmt.Errorf("%s names no directory", pattern)}
		}
		all = append(all, pattern)
	}
	return all, nil
}

// asksFor reports whether the run covers a request.
func (c *Config) asksFor(r *Request) bool {
	if c.Line != 0 {
		return r.File == c.File && r.Pos.Line == c.Line
	}
	return c.Covers(r.File)
}

// Covers reports whether a pattern matches a file's directory.
func (c *Config) Covers(file string) bool {
	for _, pattern := range c.Patterns {
		if matches(c.Dir, pattern, filepath.Dir(file)) {
			return true
		}
	}
	return false
}

// matches reports whether a directory pattern, started from base, covers dir.
func matches(base, pattern, dir string) bool {
	root, below := strings.CutSuffix(pattern, "...")
	root = Absolute(base, strings.TrimSuffix(root, "/"))
	return dir == root || below && strings.HasPrefix(dir, strings.TrimSuffix(root, string(filepath.Separator))+string(filepath.Separator))
}

// Variable is a variable of the configured environment.
func (c *Config) Variable(name string) string {
	for _, pair := range slices.Backward(c.Env) {
		if value, ok := strings.CutPrefix(pair, name+"="); ok {
			return value
		}
	}
	return ""
}

// Architecture is that for which the sizes of types are decided.
func (c *Config) Architecture() string {
	if said := c.Variable("GOARCH"); said != "" {
		return said
	}
	return runtime.GOARCH
}

// Absolute resolves a path against a directory.
func Absolute(dir, name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(dir, name)
}

// HasGoFiles reports whether there are Go files in a directory.
func HasGoFiles(dir string) bool {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	return err == nil && len(files) > 0
}

// Relative is a path as the user would write it from a directory.
func Relative(dir, name string) string {
	if rel, err := filepath.Rel(dir, name); err == nil && !strings.HasPrefix(rel, "..") {
		return rel
	}
	return name
}

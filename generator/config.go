package generator

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Config says what to generate.
type Config struct {
	// Dir is the directory that patterns start from. Defaults to the current directory.
	Dir string
	// Patterns are packages, as the go command names them: directories, with /... for those below. Defaults to ./...
	Patterns []string
	// Tags are build tags, separated by commas, in addition to those in GOFLAGS. Defaults to none.
	Tags string
	// Env is the environment of the go command. Defaults to the process's own.
	Env []string

	// File, Line and Args narrow the run to one //go:generate line, as GOFILE, GOLINE and the command line say it.
	// Default to every line in Patterns.
	File string
	Line int
	Args []string
}

// complete fills in the defaults.
func (c Config) complete() (Config, error) {
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
	if c.Env == nil {
		c.Env = os.Environ()
	}
	if c.File != "" {
		c.File = absolute(c.Dir, c.File)
	}
	return c, nil
}

// asksFor reports whether the run covers a request.
func (c *Config) asksFor(r *request) bool {
	if c.Line != 0 {
		return r.file == c.File && r.pos.Line == c.Line
	}
	return c.covers(r.file)
}

// covers reports whether a pattern matches a file's directory.
func (c *Config) covers(file string) bool {
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
	root = absolute(base, strings.TrimSuffix(root, "/"))
	return dir == root || below && strings.HasPrefix(dir, strings.TrimSuffix(root, string(filepath.Separator))+string(filepath.Separator))
}

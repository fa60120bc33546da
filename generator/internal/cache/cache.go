// Package cache remembers for which inputs and outputs a run had nothing to do, so that the next one loads nothing.
package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/dualgen/dualgen/generator/internal/parallel"
	"github.com/dualgen/dualgen/generator/internal/source"
)

// Variable names the environment variable that moves the cache, or switches it off.
const Variable = "DUALGENCACHE"

// Cache remembers for which inputs and outputs a run had nothing to do. What it remembers is a hash of contents, never of
// times: of every Go file of the module and of the modules that it replaces by directories, our own output included, of
// the go command's configuration, and of this program. A cache that cannot be read or written is as good as none.
type Cache struct {
	file   string // "" for no cache
	config *source.Config
}

// Open finds the cache entry of a configuration.
func Open(config *source.Config) *Cache {
	dir := config.Variable(Variable)
	if dir == "off" {
		return &Cache{config: config}
	}
	if dir == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			return &Cache{config: config}
		}
		dir = filepath.Join(base, "dualgen")
	}
	id := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %d %q", config.Dir, config.Patterns, config.Tags, config.File, config.Line, config.Args))
	return &Cache{file: filepath.Join(dir, hex.EncodeToString(id[:16])), config: config}
}

// Fresh reports whether nothing has changed since the last run that had nothing more to do.
func (c *Cache) Fresh() bool {
	if c.file == "" {
		return false
	}
	known, err := os.ReadFile(c.file)
	if err != nil || len(known) != hex.EncodedLen(sha256.Size) {
		return false
	}
	now, err := c.state()
	return err == nil && now == string(known)
}

// Remember notes that there is nothing to do for what is there now.
func (c *Cache) Remember() {
	if c.file == "" {
		return
	}
	state, err := c.state()
	if err != nil {
		return // the next run loads again
	}
	if err := os.MkdirAll(filepath.Dir(c.file), 0o777); err != nil {
		return
	}
	temporary, err := os.CreateTemp(filepath.Dir(c.file), "*.tmp")
	if err != nil {
		return
	}
	_, err = temporary.WriteString(state)
	if closed := temporary.Close(); err != nil || closed != nil || os.Rename(temporary.Name(), c.file) != nil {
		os.Remove(temporary.Name())
	}
}

// settings are the variables that change what the go command loads.
var settings = []string{
	"GOOS", "GOARCH", "GOFLAGS", "GOEXPERIMENT", "GOWORK", "GO111MODULE", "GOTOOLCHAIN", "CGO_ENABLED", "GOARM", "GOAMD64", "GOENV", "GOROOT",
	"GOPACKAGESDRIVER", "GOPATH", "GOMODCACHE", "CC",
}

// state hashes everything that a run depends on.
func (c *Cache) state() (string, error) {
	h := sha256.New()
	for _, name := range settings {
		fmt.Fprintf(h, "%s=%q\n", name, c.config.Variable(name))
	}
	if err := hashTool(h); err != nil {
		return "", err
	}
	if err := c.hashGo(h); err != nil {
		return "", err
	}
	trees, err := c.trees(h)
	if err != nil {
		return "", err
	}
	for _, tree := range trees {
		names, err := goFiles(tree)
		if err != nil {
			return "", err
		}
		if err := hashFiles(h, names); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// hashGo hashes which go command runs and what its user has configured.
func (c *Cache) hashGo(h hash.Hash) error {
	command, err := exec.LookPath("go")
	if err != nil {
		return err
	}
	if command, err = filepath.EvalSymlinks(command); err != nil {
		return err
	}
	fmt.Fprintf(h, "go %s\n", command)
	hashFile(h, filepath.Join(filepath.Dir(filepath.Dir(command)), "VERSION"))
	if dir, err := os.UserConfigDir(); err == nil {
		hashFile(h, filepath.Join(dir, "go", "env"))
	}
	return nil
}

// hashFile hashes a file's name and content, or that it cannot be read.
func hashFile(h hash.Hash, name string) {
	content, err := os.ReadFile(name)
	if err != nil {
		fmt.Fprintf(h, "%s is not there\n", name)
		return
	}
	fmt.Fprintf(h, "%s %d\n", name, len(content))
	h.Write(content)
}

// trees are the directories whose Go files a load may read as source, each once.
func (c *Cache) trees(h hash.Hash) ([]string, error) {
	roots, err := c.config.ModuleRoots()
	if err != nil {
		return nil, err
	}
	var all []string
	for _, root := range roots {
		trees, err := c.moduleTrees(root, h)
		if err != nil {
			return nil, err
		}
		all = append(all, trees...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// moduleTrees are those of one module: its own, those that a go.work uses, and those that replace a required one. It
// hashes the files that say so.
func (c *Cache) moduleTrees(root string, h hash.Hash) ([]string, error) {
	trees := []string{root}
	for _, name := range []string{"go.mod", "go.sum", filepath.Join("vendor", "modules.txt")} {
		hashFile(h, filepath.Join(root, name))
	}
	content, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err == nil {
		file, err := modfile.ParseLax("go.mod", content, nil)
		if err != nil {
			return nil, err
		}
		for _, r := range replaced(content, file) {
			trees = append(trees, source.Absolute(root, r))
		}
	}
	work := c.config.WorkFile(root)
	if work == "" {
		return trees, nil
	}
	hashFile(h, work)
	hashFile(h, work+".sum")
	if content, err = os.ReadFile(work); err != nil {
		return nil, err
	}
	file, err := modfile.ParseWork(work, content, nil)
	if err != nil {
		return nil, err
	}
	for _, use := range file.Use {
		trees = append(trees, source.Absolute(filepath.Dir(work), use.Path))
	}
	for _, r := range file.Replace {
		if modfile.IsDirectoryPath(r.New.Path) {
			trees = append(trees, source.Absolute(filepath.Dir(work), r.New.Path))
		}
	}
	return trees, nil
}

// replaced are the directories that a go.mod replaces modules by. ParseLax leaves replacements out, so they are parsed
// strictly where that is possible.
func replaced(content []byte, lax *modfile.File) []string {
	file, err := modfile.Parse("go.mod", content, nil)
	if err != nil {
		file = lax
	}
	var dirs []string
	for _, r := range file.Replace {
		if modfile.IsDirectoryPath(r.New.Path) {
			dirs = append(dirs, r.New.Path)
		}
	}
	return dirs
}

// hashFiles hashes Go files, without tests that are not ours: nothing here depends on them.
func hashFiles(h hash.Hash, names []string) error {
	digests := make([][sha256.Size]byte, len(names))
	err := parallel.Do(len(names), func(i int) error {
		content, err := os.ReadFile(names[i])
		if err != nil {
			return err
		}
		if !strings.HasSuffix(names[i], "_test.go") || strings.HasSuffix(names[i], "_dual_test.go") || source.IsOwn(content) {
			digests[i] = sha256.Sum256(content)
		}
		return nil
	})
	for i, digest := range digests {
		if digest != [sha256.Size]byte{} {
			fmt.Fprintf(h, "%s %x\n", names[i], digest)
		}
	}
	return err
}

// goFiles are the Go files of a module.
func goFiles(root string) (names []string, err error) {
	err = filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != root && source.Skipped(name, entry.Name()):
			return filepath.SkipDir
		case !entry.IsDir() && strings.HasSuffix(name, ".go"):
			names = append(names, name)
		}
		return nil
	})
	return names, err
}

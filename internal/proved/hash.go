package proved

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// File hashes a file.
func File(name string) (string, error) {
	content, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(content)
	return "sha256:" + hex.EncodeToString(sum[:16]), nil
}

// listed is what the go command says of a package.
type listed struct {
	ImportPath, Dir                               string
	Standard                                      bool
	Module                                        *module
	GoFiles, CgoFiles, IgnoredGoFiles, SFiles     []string
	CFiles, HFiles, EmbedFiles, IgnoredOtherFiles []string
}

type module struct {
	Path, Version string
	Main          bool
	Replace       *module
}

// local reports whether a package's sources are the user's own rather than those of a version.
func (l *listed) local() bool {
	m := l.Module
	return !l.Standard && (m == nil || m.Main || m.Version == "" || m.Replace != nil && m.Replace.Version == "")
}

// Package hashes the sources of a package and of those that it imports from the user's own modules. A package of another module
// counts by its version, as do the tests of none. Build constraints make no difference.
func Package(ctx context.Context, dir string, env []string, path string) (string, error) {
	command := exec.CommandContext(ctx, "go", "list", "-deps",
		"-json=ImportPath,Dir,Standard,Module,GoFiles,CgoFiles,IgnoredGoFiles,SFiles,CFiles,HFiles,EmbedFiles,IgnoredOtherFiles", "--", path)
	command.Dir, command.Env = dir, env
	output, err := command.Output()
	if err != nil {
		var failed *exec.ExitError
		if errors.As(err, &failed) {
			err = errors.New(strings.TrimSpace(string(failed.Stderr)))
		}
		return "", fmt.Errorf("go list %s: %w", path, err)
	}
	hash := sha256.New()
	for decoder := json.NewDecoder(strings.NewReader(string(output))); ; {
		var pkg listed
		err := decoder.Decode(&pkg)
		if errors.Is(err, io.EOF) {
			return "sha256:" + hex.EncodeToString(hash.Sum(nil)[:16]), nil
		}
		if err == nil {
			err = pkg.write(hash, path)
		}
		if err != nil {
			return "", fmt.Errorf("go list %s: %w", path, err)
		}
	}
}

// write writes what counts of a package for the hash of the one at path.
func (l *listed) write(w io.Writer, path string) error {
	switch {
	case l.local():
	case l.ImportPath == path && l.Module != nil:
		_, err := fmt.Fprintf(w, "%s %s\n", path, l.Module.Version)
		return err
	default:
		return nil
	}
	files := slices.Concat(l.GoFiles, l.CgoFiles, l.IgnoredGoFiles, l.SFiles, l.CFiles, l.HFiles, l.EmbedFiles, l.IgnoredOtherFiles)
	slices.Sort(files)
	for _, name := range slices.Compact(files) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		sum, err := File(filepath.Join(l.Dir, name))
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s/%s %s\n", l.ImportPath, filepath.ToSlash(name), sum); err != nil {
			return err
		}
	}
	return nil
}

// Package write puts generated files in place.
package write

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/dualgen/dualgen/generator/internal/parallel"
	"github.com/dualgen/dualgen/generator/internal/render"
)

// Files puts files in place and returns the paths of those that changed. Each goes through a temporary file in the same
// directory and a rename: whoever reads it, and whatever kills the process, sees the old file or the new one. Everything is
// prepared before the first rename, so that a full disk or a read-only directory changes nothing. It does not wait for the
// disk, which on a busy one takes longer than all the rest: after a power cut, the next run writes again what was lost.
func Files(files []render.File) (changed []string, err error) {
	staged := make([]stagedFile, len(files))
	defer func() {
		for _, s := range staged {
			if s.temporary != "" {
				os.Remove(s.temporary)
			}
		}
	}()
	err = parallel.Do(len(files), func(i int) error {
		f := files[i]
		old, err := os.ReadFile(f.Path)
		if err == nil && bytes.Equal(old, f.Source) {
			return nil
		}
		if staged[i], err = stage(f); err != nil {
			return fmt.Errorf("%s: cannot write the generated file: %w\n\tmake the directory writable, or name another file: -out file.go", f.Path, err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i, s := range staged {
		if s.temporary == "" {
			continue // it is there already
		}
		if err := os.Rename(s.temporary, s.path); err != nil {
			return changed, fmt.Errorf("%s: cannot put the generated file in place: %w", s.path, err)
		}
		staged[i].temporary = ""
		changed = append(changed, s.path)
	}
	return changed, nil
}

// stagedFile is a file that waits for its rename.
type stagedFile struct{ temporary, path string }

// temporaryPattern names temporary files so that the go command does not read them.
const temporaryPattern = ".dualgen-*.tmp"

// stage writes a file beside its place. It keeps the permissions of the file that it will replace.
func stage(f render.File) (s stagedFile, err error) {
	dir := filepath.Dir(f.Path)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return s, err
	}
	if info, err := os.Stat(dir); err == nil && info.Mode().Perm()&0o222 == 0 {
		return s, fmt.Errorf("%s is read-only", filepath.Base(dir)) // to root too
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(f.Path); err == nil {
		mode = info.Mode().Perm()
		if mode&0o200 == 0 {
			return s, fmt.Errorf("%s is read-only", filepath.Base(f.Path))
		}
	}
	temporary, err := os.CreateTemp(dir, temporaryPattern)
	if err != nil {
		return s, err
	}
	_, err = temporary.Write(f.Source)
	err = errors.Join(err, temporary.Chmod(mode), temporary.Close())
	if err != nil {
		os.Remove(temporary.Name())
		return s, err
	}
	return stagedFile{temporary.Name(), f.Path}, nil
}

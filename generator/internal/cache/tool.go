package cache

import (
	"bytes"
	"debug/elf"
	"fmt"
	"hash"
	"io"
	"os"
	"runtime"
)

// hashTool hashes this program: by the build ID that the go command gives it, else all of it.
func hashTool(h hash.Hash) error {
	name, err := os.Executable()
	if err != nil {
		return err
	}
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	if id := BuildID(file); id != nil {
		fmt.Fprintf(h, "%s %q\n", runtime.Version(), id)
		return nil
	}
	_, err = io.Copy(h, io.NewSectionReader(file, 0, 1<<62))
	return err
}

// BuildID is a program's build ID: in ELF files a note, in others a text near the beginning. It is nil if there is none, or
// none of the go command's own, which alone is made of the contents: Bazel gives all programs the same.
func BuildID(program io.ReaderAt) []byte {
	var id []byte
	if image, err := elf.NewFile(program); err == nil {
		if note := image.Section(".note.go.buildid"); note != nil {
			id, _ = note.Data() // without it, the program is hashed
		}
	} else {
		head := make([]byte, 64<<10)
		n, _ := program.ReadAt(head, 0) // what there is, is looked at
		_, rest, _ := bytes.Cut(head[:n], []byte(`Go build ID: "`))
		id, _, _ = bytes.Cut(rest, []byte{'"'})
	}
	if bytes.Count(id, []byte{'/'}) != 3 {
		return nil
	}
	return id
}

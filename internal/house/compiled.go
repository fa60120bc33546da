package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
)

// compiled counts the lines of the runtime that a service compiles: with the wrapper that is generated for it, the tasks and
// the operator's commands, and then what each database adds.
func compiled(root string) ([]finding, error) {
	core, err := deps(root, "./runtime/dual", "./runtime/convert", "./runtime/ctl")
	if err != nil {
		return nil, err
	}
	found := []finding{{"service", "runtime", sum(core)}}
	for _, backend := range []string{"sqlcontrol", "cqlcontrol"} {
		with, err := deps(root, "./runtime/control/"+backend)
		if err != nil {
			return nil, err
		}
		for folder := range core {
			delete(with, folder)
		}
		found = append(found, finding{"backend", "runtime/control/" + backend, sum(with)})
	}
	return found, nil
}

// deps are the packages of the root module that those import, with their lines.
func deps(root string, patterns ...string) (map[string]int, error) {
	const format = "{{with .Module}}{{if .Main}}{{$.Dir}}\t{{range $.GoFiles}}{{.}} {{end}}{{end}}{{end}}"
	list := exec.Command("go", append([]string{"list", "-deps", "-f", format}, patterns...)...)
	list.Dir, list.Stderr = root, os.Stderr
	output, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("list what %s imports: %w", strings.Join(patterns, ", "), err)
	}
	lines := make(map[string]int)
	for line := range strings.Lines(string(output)) {
		dir, files, _ := strings.Cut(strings.TrimSpace(line), "\t")
		for file := range strings.FieldsSeq(files) {
			text, err := os.ReadFile(filepath.Join(dir, file))
			if err != nil {
				return nil, err
			}
			lines[dir] += bytes.Count(text, []byte("\n"))
		}
	}
	return lines, nil
}

func sum(lines map[string]int) int {
	total := 0
	for _, count := range lines {
		total += count
	}
	return total
}

// foundations are the modules that the project is built on.
var foundations = map[string]bool{
	"github.com/dave/jennifer":    true,
	"github.com/gocql/gocql":      true,
	"github.com/jmoiron/sqlx":     true,
	"github.com/stretchr/testify": true,
	"golang.org/x/tools":          true,
}

// requirements are what the root module requires directly, and is not built on.
func requirements(root string) ([]finding, error) {
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return nil, err
	}
	file, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		return nil, err
	}
	var found []finding
	for _, r := range file.Require {
		if !r.Indirect && !foundations[r.Mod.Path] {
			found = append(found, finding{"requirement", r.Mod.Path, 1})
		}
	}
	return found, nil
}

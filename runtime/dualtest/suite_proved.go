package dualtest

import (
	"context"
	"flag"
	"fmt"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/internal/proved"
)

// ProvedVariable is the environment variable that makes [Suite.Conform] write its record beside the generated file, for
// dualgen check -proved: DUALGEN_PROVED=1 go test.
const ProvedVariable = proved.Variable

// Files are those that dualgen wrote for the wrapper, and the packages of its stores: what a record is about.
type Files struct {
	Wrapper, Suite string    // names of files in the test's directory
	Stores         [2]string // import paths by position; "" for that of the type that is opened
}

// record writes the record of a run that passed.
func (s Suite[R]) record(t rapid.TB, b *book) {
	t.Helper()
	if os.Getenv(ProvedVariable) == "" || s.Files.Wrapper == "" {
		return
	}
	record, err := s.proof(t.Name(), b)
	if err == nil {
		name := strings.TrimSuffix(s.Files.Wrapper, ".go") + proved.Extension
		err = os.WriteFile(name, record.Format(), 0o644)
	}
	if err != nil {
		t.Errorf("no record of what was proved can be written: %v", err)
	}
}

// proof is the record of a run.
func (s Suite[R]) proof(test string, b *book) (*proved.Record, error) {
	test, _, _ = strings.Cut(test, "/")
	r := &proved.Record{Interface: s.Name, Test: test, Checks: checks()}
	var err error
	for file, to := range map[string]*proved.Source{s.Files.Wrapper: &r.Generated, s.Files.Suite: &r.Suite} {
		to.Name = file
		if to.Hash, err = proved.File(file); err != nil {
			return nil, err
		}
	}
	for i := range r.Stores {
		path := b.stores[i]
		if s.Files.Stores[i] != "" {
			path = s.Files.Stores[i]
		}
		if strings.HasSuffix(path, "_test") {
			return nil, fmt.Errorf("the store of package %s is one of the test's own: open the real one", path)
		}
		r.Stores[i].Name = path
		if r.Stores[i].Hash, err = proved.Package(context.Background(), ".", nil, path); err != nil {
			return nil, err
		}
	}
	for _, v := range b.verdicts() {
		r.Verdicts = append(r.Verdicts, proved.Verdict{Law: v.law.Name, Of: v.name, Lack: v.why})
	}
	return r, nil
}

// checks is how many sequences each part of the suite has.
func checks() int {
	n, err := strconv.Atoi(flag.Lookup("rapid.checks").Value.String())
	if err == nil && testing.Short() {
		n /= 5 // as rapid does
	}
	return n
}

// packageOf is the import path of a store's type.
func packageOf(store any) string {
	t := reflect.TypeOf(store)
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil {
		return ""
	}
	return t.PkgPath()
}

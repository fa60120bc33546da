package sentinel

import (
	"bytes"
	"go/token"
	"go/types"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// Promised are the errors that a package promises to callers: its exported variables of an error type.
func Promised(pkg *types.Package) []*plan.FuncRef {
	var all []*plan.FuncRef
	for _, name := range pkg.Scope().Names() {
		if v, ok := pkg.Scope().Lookup(name).(*types.Var); ok && token.IsExported(name) && IsError(v) {
			all = append(all, &plan.FuncRef{Name: name, Package: pkg})
		}
	}
	return all
}

// meanings are words of errors' names that mean the same, each list one meaning.
var meanings = [][]string{
	{"notfound", "norow", "missing", "nosuch", "notexist", "nodocument", "absent", "notthere", "unknown", "recordnotfound", "keynotfound", "nil"},
	{"exist", "duplicate", "taken", "already", "unique", "used"},
	{"conflict", "stale", "version", "concurrent", "mismatch", "changed", "modified"},
	{"permission", "denied", "forbidden", "unauthorized", "notallowed"},
	{"closed", "shutdown"},
	{"invalid", "bad", "malformed"},
	{"expired", "timeout", "deadline"},
	{"readonly", "immutable"},
}

// meaning is the index of what an error's name means, or -1.
func meaning(name string) int {
	bare := text.BareName(name)
	return slices.IndexFunc(meanings, func(words []string) bool {
		return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(bare, word) })
	})
}

// MeansAbsent reports whether an error's name says that there is nothing.
func MeansAbsent(name string) bool { return meaning(name) == 0 }

// MeansTaken reports whether an error's name says that there is such a thing already.
func MeansTaken(name string) bool { return meaning(name) == 1 }

// drivers are the errors by which well-known packages say that there is nothing.
var drivers = map[string]string{
	"database/sql": "ErrNoRows", "github.com/jackc/pgx/v5": "ErrNoRows", "github.com/jackc/pgx/v4": "ErrNoRows", "github.com/gocql/gocql": "ErrNotFound",
	"github.com/apache/cassandra-gocql-driver/v2": "ErrNotFound", "gorm.io/gorm": "ErrRecordNotFound", "go.mongodb.org/mongo-driver/mongo": "ErrNoDocuments",
	"go.mongodb.org/mongo-driver/v2/mongo": "ErrNoDocuments", "github.com/redis/go-redis/v9": "Nil", "github.com/dgraph-io/badger/v4": "ErrKeyNotFound",
}

// Tests are the functions by which a package tells errors apart: its exported ones of the form func(error) bool.
func Tests(pkg *types.Package) []string {
	var all []string
	for _, name := range pkg.Scope().Names() {
		if f, ok := pkg.Scope().Lookup(name).(*types.Func); ok && token.IsExported(name) && isPredicate(f.Signature()) {
			all = append(all, name)
		}
	}
	return all
}

// Candidates are what a store's package may say in the place of an error of the interface's package, the likeliest first: its own errors
// of the same meaning, or of a name as near, the functions that tell them, and the errors of the drivers that it imports. files are the package's:
// where it has errors of its own and looks for a driver's, it hands out its own.
func Candidates(store *types.Package, files []string, caller string) []string {
	wanted := meaning(caller)
	var same, means []string
	for _, own := range Promised(store) {
		switch {
		case own.Name == caller:
			same = append(same, store.Name()+"."+own.Name)
		case wanted >= 0 && meaning(own.Name) == wanted:
			means = append(means, store.Name()+"."+own.Name)
		}
	}
	for _, test := range Tests(store) {
		if wanted >= 0 && meaning(test) == wanted {
			means = append(means, store.Name()+"."+test)
		}
	}
	if wanted == 0 {
		for _, imported := range store.Imports() {
			if name := drivers[imported.Path()]; name != "" && Replaced(store, files) == "" {
				means = append(means, imported.Name()+"."+name)
			}
		}
	}
	return append(same, means...)
}

// Replaced is the error of a driver that a package looks for, and in whose place it likely hands out one of its own; "" where there is none.
func Replaced(store *types.Package, files []string) string {
	for _, imported := range store.Imports() {
		name := drivers[imported.Path()]
		if name != "" && hasErrors(store) && Mentions(files, &plan.FuncRef{Name: name, Package: imported}) {
			return imported.Name() + "." + name
		}
	}
	return ""
}

// hasErrors reports whether a package declares errors, for itself or for others.
func hasErrors(pkg *types.Package) bool {
	return slices.ContainsFunc(pkg.Scope().Names(), func(name string) bool {
		v, ok := pkg.Scope().Lookup(name).(*types.Var)
		return ok && IsError(v)
	})
}

// Mentions reports whether one of some files of a store's package has an error of another package in it, and so is taken to return
// that one itself.
func Mentions(files []string, e *plan.FuncRef) bool {
	path, use := []byte(strconv.Quote(e.Package.Path())), []byte("."+e.Name)
	return slices.ContainsFunc(files, func(name string) bool {
		source, err := os.ReadFile(name)
		if err != nil || !bytes.Contains(source, path) {
			return false
		}
		for {
			_, rest, found := bytes.Cut(source, use)
			if !found {
				return false
			}
			if len(rest) == 0 || !isWord(rest[0]) {
				return true
			}
			source = rest
		}
	})
}

// isWord reports whether a name goes on with a character.
func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= 0x80
}

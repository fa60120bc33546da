package generator

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dualgen/dualgen/generator/internal/source"
)

// shapesInput is at the head of each shape's package.
const shapesInput = `package p

import (
	"context"
	"errors"
)

var (
	_           context.Context
	ErrNotFound = errors.New("not found")
)

type User struct {
	ID   string
	Name string
}
`

// sixteenShapes are the forms of interfaces that generators stumble over. here and there are what is said of one whose
// output stands beside it, and in another package; "" where it is wrapped.
var sixteenShapes = []struct {
	name        string
	imports     string
	source      string // after the //go:generate line
	here, there string
}{
	{name: "plain", source: `type Store interface {
	Get(ctx context.Context, id string) (User, error)
	Save(ctx context.Context, user User) error
	Delete(ctx context.Context, id string) error
}`},
	{name: "embeds its own and another package's interface", imports: `"io"`, source: `type Store interface {
	Reader
	io.Closer
	Save(ctx context.Context, user User) error
	Delete(ctx context.Context, id string) error
}

type Reader interface {
	Get(ctx context.Context, id string) (User, error)
}`},
	{name: "variadic, unnamed and blank parameters", source: `type Store interface {
	Get(context.Context, string) (User, error)
	GetMany(_ context.Context, _ ...string) ([]User, error)
	Save(context.Context, ...User) error
	Delete(_ context.Context, ids ...string) error
}`},
	{name: "parameters named like imports, builtins, receivers", imports: `"time"`, source: `type Store interface {
	Get(context context.Context, id string) (len User, error error)
	FindSince(dual context.Context, time time.Time, d, call, store int, errors, any error) (nil []User, err error)
	Save(ctx context.Context, user User) error
	Delete(append context.Context, id string) (string error)
}`},
	{name: "two imports of one name, a package not named for its directory", imports: `one "example.com/golden/names/one/model"
	two "example.com/golden/names/two/model"
	other "example.com/golden/names/go-other"`, source: `//dualgen:entity First key=ID
//dualgen:entity Second key=ID
type Store interface {
	GetFirst(ctx context.Context, id string) (one.First, error)
	PutFirst(ctx context.Context, first one.First) error
	DeleteFirst(ctx context.Context, id string) error
	GetSecond(ctx context.Context, id other.ID) (two.Second, error)
	PutSecond(ctx context.Context, second two.Second) error
	DeleteSecond(ctx context.Context, id other.ID) error
}`},
	{name: "aliases and any", source: `type Store interface {
	Get(ctx context.Context, id Name) (Row, error)
	Save(ctx context.Context, row Row) error
	Delete(ctx context.Context, id Name) error
	Search(ctx context.Context, terms map[Name]any) ([]Row, error)
}

type (
	Name = string
	Row  = User
)`},
	{name: "generic", source: `type Store[K comparable, V any] interface {
	Get(ctx context.Context, key K) (V, error)
	Set(ctx context.Context, key K, value V) error
	Delete(ctx context.Context, key K) error
}`},
	{name: "generic with a union and an inline constraint", source: `type Store[K ~string | ~int64, V interface{ Less(V) bool }] interface {
	Find(ctx context.Context, key K) (V, error)
	List(ctx context.Context, from, to V) ([]V, error)
}

type Rank int

func (r Rank) Less(other Rank) bool { return r < other }`},
	{name: "alias of an interface", source: `type Store = base

type base interface {
	Get(ctx context.Context, id string) (User, error)
	Save(ctx context.Context, user User) error
	Delete(ctx context.Context, id string) error
}`},
	{name: "alias of an instantiated generic", source: `type Store = Base[string, User]

type Base[K comparable, V any] interface {
	Get(ctx context.Context, id K) (V, error)
	Save(ctx context.Context, value V) error
	Delete(ctx context.Context, id K) error
}`},
	{name: "embeds an instantiated generic", source: `type Store interface {
	Base[string, *User]
	Count(ctx context.Context) (int, error)
}

type Base[K comparable, V any] interface {
	Get(ctx context.Context, id K) (V, error)
	Save(ctx context.Context, value V) error
	Delete(ctx context.Context, id K) error
}`},
	{name: "unexported type in a signature", source: `type Store interface {
	Get(ctx context.Context, id string) (row, error)
	Save(ctx context.Context, row row) error
	Delete(ctx context.Context, id string) error
}

type row struct{ ID string }`, there: "mentions row, which is unexported"},
	{name: "functions, channels, arrays, anonymous structs and interfaces", source: `type Store interface {
	Get(ctx context.Context, id string) (*User, error)
	Save(ctx context.Context, user *User) error
	Delete(ctx context.Context, id string) error
	//dualgen:read
	Visit(ctx context.Context, visit func(User) (more bool, err error), progress chan<- int) error
	FindBy(ctx context.Context, by struct{ Name string }, keys [2]string, named interface{ String() string }) ([]struct{ ID, Name string }, error)
}`},
	{name: "unexported method", source: `type Store interface {
	Get(ctx context.Context, id string) (User, error)
	Save(ctx context.Context, user User) error
	Delete(ctx context.Context, id string) error
	Close() error
	find(ctx context.Context, name string) (User, error)
}`, there: "find is unexported: output in package out cannot have it"},
	{name: "the same method from two embeds", source: `type Store interface {
	First
	Second
}

type First interface {
	Get(ctx context.Context, id string) (User, error)
	Save(ctx context.Context, user User) error
}

type Second interface {
	Get(context.Context, string) (User, error)
	Delete(ctx context.Context, id string) error
}`},
	{name: "methods named like the generator's own", source: `//dualgen:read Stores,Migration,Begin,Reading
type Store interface {
	Get(ctx context.Context, id string) (User, error)
	GetReading(ctx context.Context, id string) (User, error)
	Save(ctx context.Context, user User) error
	Delete(ctx context.Context, id string) error
	Stores(ctx context.Context) ([]string, error)
	Migration(ctx context.Context) (string, error)
	Begin(ctx context.Context) (int, error)
	Reading(ctx context.Context) (int, error)
}`},
}

// TestSixteenShapes: each shape is wrapped beside the interface and in another package, or refused with a position and a
// remedy; what is written compiles.
func TestSixteenShapes(t *testing.T) {
	dir := newModule(t)
	writeFile(t, filepath.Join(dir, "names/one/model/m.go"), []byte("package model\n\ntype First struct{ ID string }\n"))
	writeFile(t, filepath.Join(dir, "names/two/model/m.go"), []byte("package model\n\nimport other \"example.com/golden/names/go-other\"\n\ntype Second struct{ ID other.ID }\n"))
	writeFile(t, filepath.Join(dir, "names/go-other/o.go"), []byte("package other\n\ntype ID string\n"))
	for i, shape := range sixteenShapes {
		for _, place := range []string{"here", "there"} {
			source := strings.Replace(shapesInput, "import (", "import (\n"+shape.imports, 1)
			line := "\n//go:generate go tool dualgen\n"
			if place == "there" {
				line = "\n//go:generate go tool dualgen -out out/out.go\n"
			}
			writeFile(t, filepath.Join(dir, fmt.Sprintf("s%d%s", i, place), "p.go"), []byte(source+line+shape.source+"\n"))
		}
	}
	program, found := loadGolden(t, Config{Dir: dir})
	if len(found.Requests) != 2*len(sixteenShapes) {
		t.Fatalf("%d lines were found", len(found.Requests))
	}
	for _, r := range found.Requests {
		var i int
		var place string
		if _, err := fmt.Sscanf(filepath.Base(r.Dir()), "s%d%s", &i, &place); err != nil {
			t.Fatal(err)
		}
		shape := sixteenShapes[i]
		refusal := shape.here
		if place == "there" {
			refusal = shape.there
		}
		t.Run(shape.name+" "+place, func(t *testing.T) {
			result, err := generate(program, &source.Found{Requests: []*source.Request{r}, Marked: []string{r.File}})
			if refusal != "" {
				if err == nil || !strings.Contains(err.Error(), refusal) {
					t.Fatalf("want a refusal that says %q, got %v", refusal, err)
				}
				checkRefusal(t, r.File, err)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range result.files {
				writeFile(t, f.Path, f.Source)
			}
		})
	}
	command := exec.CommandContext(t.Context(), "go", "vet", "./...")
	command.Dir = dir
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("what was written does not compile: %v\n%s", err, output)
	}
}

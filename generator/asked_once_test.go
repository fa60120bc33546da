package generator

import (
	"errors"
	"go/scanner"
	"path/filepath"
	"strings"
	"testing"
)

// sharedErrors are two interfaces of a package whose stores have errors of their own.
const sharedErrors = `package p

import (
	"context"
	"errors"
)

var (
	ErrNotFound = errors.New("not found")
	ErrTaken    = errors.New("taken")
)

type User struct{ ID string }

type Post struct{ ID string }

//go:generate go tool dualgen -old ./pg.Users -new ./cq.Users
type UserStore interface {
	Get(ctx context.Context, id string) (User, error)
	Save(ctx context.Context, user User) error
	Delete(ctx context.Context, id string) error
	List(ctx context.Context) ([]User, error)
}

//go:generate go tool dualgen -old ./pg.Posts -new ./cq.Posts
type PostStore interface {
	Get(ctx context.Context, id string) (Post, error)
	Save(ctx context.Context, post Post) error
	Delete(ctx context.Context, id string) error
	List(ctx context.Context) ([]Post, error)
}
`

// sharedStores is the package of a store for both.
const sharedStores = `package NAME

import (
	"context"
	"errors"
)

var (
	ErrNoRow     = errors.New("no row")
	ErrDuplicate = errors.New("duplicate")
)

type User struct{ ID string }

type Post struct{ ID string }

type Users struct{}

func (*Users) Get(ctx context.Context, id string) (User, error) { return User{}, ErrNoRow }
func (*Users) Save(ctx context.Context, user User) error        { return ErrDuplicate }
func (*Users) Delete(ctx context.Context, id string) error      { return nil }
func (*Users) List(ctx context.Context) ([]User, error)         { return nil, nil }

type Posts struct{}

func (*Posts) Get(ctx context.Context, id string) (Post, error) { return Post{}, ErrNoRow }
func (*Posts) Save(ctx context.Context, post Post) error        { return ErrDuplicate }
func (*Posts) Delete(ctx context.Context, id string) error      { return nil }
func (*Posts) List(ctx context.Context) ([]Post, error)         { return nil, nil }
`

// TestErrorsAskedOnce: what all interfaces of a package lack is asked once, and what is said of one of them is asked of the others alone.
func TestErrorsAskedOnce(t *testing.T) {
	const absent = "//dualgen:notfound ErrNotFound old=pg.ErrNoRow new=cq.ErrNoRow"
	for name, c := range map[string]struct {
		said string
		want []string
	}{
		"nothing is said": {"", []string{
			"callers of UserStore and PostStore get ErrTaken\n\twrite above each of these interfaces, with each store's own error, a function that tells it, or none where the store never says so:\n\t//dualgen:error ErrTaken old=pg.ErrDuplicate new=cq.ErrDuplicate",
			"callers of UserStore and PostStore get ErrNotFound\n\twrite above each of these interfaces, with each store's own error, a function that tells it, yours where it returns that, or nil where it returns no error but nil:\n\t" + absent,
		}},
		"of one": {absent, []string{
			"callers of UserStore and PostStore get ErrTaken\n\twrite above each of these interfaces, with",
			"callers of PostStore get ErrNotFound\n\twrite above the interface, with",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(newModule(t), "p")
			writeFile(t, filepath.Join(dir, "p.go"), []byte(strings.Replace(sharedErrors, "//go:generate", c.said+"\n//go:generate", 1)))
			for _, store := range []string{"pg", "cq"} {
				writeFile(t, filepath.Join(dir, store, "s.go"), []byte(strings.Replace(sharedStores, "NAME", store, 1)))
			}
			_, err := Generate(t.Context(), Config{Dir: dir})
			var all scanner.ErrorList
			if !errors.As(err, &all) {
				t.Fatalf("nothing is asked: %v", err)
			}
			text := ""
			for _, e := range all {
				text += e.Msg + "\n"
			}
			if asked := strings.Count(text, "nothing says by which"); asked != len(c.want) {
				t.Errorf("asked %d times, want %d: %s", asked, len(c.want), text)
			}
			for _, want := range c.want {
				if !strings.Contains(text, want) {
					t.Errorf("lacks %q: %s", want, text)
				}
			}
		})
	}
}

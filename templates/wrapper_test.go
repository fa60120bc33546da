package templates

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dualgen/dualgen/internal/plan"
)

const users = `package users

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/runtime/dual"
)

type User struct {
	ID, Name string
}

var ErrNotFound = errors.New("no such user")

func userKey(id string) dual.Key { return dual.Key{Kind: "User", ID: id} }

func parseUserKey(key dual.Key) (id string, err error) { return key.ID, nil }

func diffUser(a, b User) []dual.Difference { return nil }
`

var plain = fixture{
	name: "Users",
	source: users + `
type Users interface {
	// Get returns one user.
	Get(ctx context.Context, id string) (User, error)
	Save(ctx context.Context, user User) error
	Rename(ctx context.Context, id, name string) error
	Delete(ctx context.Context, id string) error
	List(ctx context.Context, after string, limit int) ([]User, error)
	Close() error
}
`,
	decide: func(b *builder) {
		b.Names.Stores = ""
		e := b.entity("User")
		get := b.read("Get", e, field(1))
		get.Reading = "getReading"
		get.DiffValues = &plan.FuncRef{Name: "diffUser"}
		get.Doc = []string{"Get returns one user."}
		get.Reasons = []string{"Read, by its name.", "Key: id."}
		b.write("Save", plan.Replay, e, plan.KeyOne, field(1, "ID"))
		b.write("Rename", plan.Copy, e, plan.KeyOne, field(1))
		b.write("Delete", plan.Replay, e, plan.KeyOne, field(1)).Delete = true
		b.notFound("ErrNotFound", "Get", "Delete")
		b.method["Close"].Kind = plan.Lifecycle
		e.Get, e.Put, e.Delete = b.call("Get"), b.call("Save"), b.call("Delete")
		e.Scan = &plan.ScanCall{EntityCall: *b.call("List"), Form: plan.ScanAfterKey}
		e.Diff = &plan.FuncRef{Name: "diffUser"}
	},
}

// TestTwoRendersAreEqual renders one plan twice: output is a function of input alone. render type-checks it.
func TestTwoRendersAreEqual(t *testing.T) {
	assert.Equal(t, plain.render(t), plain.render(t))
}

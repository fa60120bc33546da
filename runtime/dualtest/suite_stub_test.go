package dualtest

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// session is an entity with a moment that a generator of the user draws.
type session struct {
	Token   string
	Roles   []string
	Expires time.Time
}

// TestStubAnswersTheSame: what the wrapper reads back is compared with what it copied. A generator that reads the clock must not make
// the two differ.
func TestStubAnswersTheSame(t *testing.T) {
	draws := 0
	clock := rapid.Custom(func(t *rapid.T) session {
		draws++
		return session{Token: rapid.String().Draw(t, "token"), Roles: []string{"admin"}, Expires: time.Unix(int64(draws), 0)}
	})
	var (
		faults Faults
		log    callLog
	)
	old, new := &Stub{name: "old", faults: &faults, calls: &log}, &Stub{name: "new", faults: &faults, calls: &log}
	first, err := Answer(old, "Get", clock)
	require.NoError(t, err)
	second, err := Answer(new, "Get", clock)
	require.NoError(t, err)
	assert.Equal(t, first, second)
	first.Roles[0] = "changed"
	assert.Equal(t, "admin", second.Roles[0], "one answer is not the other's memory")
	assert.Equal(t, []string{"old.Get", "new.Get"}, log.take())
}

// TestStubDrawsReadersAnew: what is consumed by one caller is drawn for each.
func TestStubDrawsReadersAnew(t *testing.T) {
	some := rapid.Custom(func(t *rapid.T) io.Reader { return bytes.NewBufferString(rapid.StringN(3, 3, 3).Draw(t, "text")) })
	stub := &Stub{name: "old", faults: &Faults{}, calls: &callLog{}}
	for range 2 {
		reader, err := Answer(stub, "Open", some)
		require.NoError(t, err)
		text, err := io.ReadAll(reader)
		require.NoError(t, err)
		assert.NotEmpty(t, text)
	}
}

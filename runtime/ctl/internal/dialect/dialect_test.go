package dialect_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/ctl/internal/dialect"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

type base struct{ Kind string }

type sample struct {
	base
	ID      string
	URLOf   string
	Took    time.Duration
	Left    time.Duration                `json:"left,omitempty"`
	At      time.Time                    `json:",omitzero"`
	Inner   struct{ Took time.Duration } `json:"inner,omitzero"`
	Every   []time.Duration
	By      map[string]time.Duration
	Next    *sample `json:"-"`
	Phase   phase.Phase
	Key     journal.Key
	Keys    []journal.Key
	Last    *journal.Key
	hidden  int
	Counted [2]int `json:"counted"`
	Any     any
}

func TestOneDialect(t *testing.T) {
	got, err := dialect.Marshal(sample{base: base{"User"}, ID: "1", URLOf: "u", Took: 90 * time.Second, Every: []time.Duration{time.Millisecond},
		By: map[string]time.Duration{"A b": time.Hour}, Phase: phase.OldPrimary, Key: journal.Key{Kind: "User", ID: "7"}, hidden: 1, Any: 3})
	require.NoError(t, err)
	require.JSONEq(t, `{"kind":"User","id":"1","urlOf":"u","took":"1m30s","every":["1ms"],"by":{"A b":"1h0m0s"},"phase":"OldPrimary",
		"key":{"kind":"User","id":"7","whole":false},"keys":null,"last":null,"counted":[0,0],"any":3}`, string(got))
	require.Less(t, bytes.Index(got, []byte(`"took"`)), bytes.Index(got, []byte(`"every"`)), "in the order of the fields")
	var out bytes.Buffer
	require.NoError(t, dialect.Encode(&out, nil, ""))
	require.NoError(t, dialect.Encode(&out, []journal.Key{}, "  "))
	require.Equal(t, "null\n[]\n", out.String())
}

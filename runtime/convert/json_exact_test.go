package convert_test

import (
	"context"
	"encoding/json"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/dualgen/dualgen/runtime/convert"
	"github.com/dualgen/dualgen/runtime/dual"
)

type basket struct {
	Name  string         `json:"name,omitempty"`
	Tags  []string       `json:"tags"`
	At    *time.Time     `json:"at,omitempty"`
	Extra map[string]any `json:"extra,omitempty"`
}

// TestFromJSONExact: what a type cannot hold is an error of a copy, and not of the service's own read.
func TestFromJSONExact(t *testing.T) {
	exact := dual.Exact(context.Background())
	for text, lost := range map[string]string{
		`{"name":"x","tags":["a"],"at":"2024-01-01T00:00:00.000Z","extra":{"n":1.50,"e":1e3}}`: "",
		`{"tags":null,"name":"","geo":null}`:                                                   "",
		``:                                                                                     "",
		`null`:                                                                                 "",
		`{"tags":[],"geo":{"lat":1}}`:                                                          "loses geo",
		`{"extra":{"id":9007199254740993}}`:                                                    "loses extra.id: its value",
		`{"extra":{"l":[0,{"price":0.12345678901234567891}]}}`: "loses extra.l[1].price: its value",
		`{"Name":"x"}`: "loses Name",
	} {
		_, err := convert.FromJSONExact[basket](exact, []byte(text))
		if lost == "" {
			assert.NoError(t, err, text)
			continue
		}
		assert.ErrorIs(t, err, convert.ErrLost, text)
		assert.ErrorContains(t, err, lost, text)
		_, err = convert.FromJSONExact[basket](context.Background(), []byte(text))
		assert.NoError(t, err, "the service reads it as it would without a wrapper: %s", text)
	}
	_, err := convert.FromJSONExact[map[string]json.RawMessage](exact, []byte(`{"id":9007199254740993}`))
	assert.NoError(t, err, "raw members lose nothing")
	_, err = convert.FromJSONExact[basket](exact, []byte(`{`))
	assert.Error(t, err)
}

// site has the marshalers of a pointer that is nil in a new value.
type site struct{ *url.URL }

func TestPanicsOfMarshalersAreErrors(t *testing.T) {
	_, err := convert.FromBinary[site]([]byte("https://example.com"))
	assert.ErrorIs(t, err, convert.ErrNull)
	_, err = convert.ToBinary(site{})
	assert.Error(t, err)
}

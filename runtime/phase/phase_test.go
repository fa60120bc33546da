package phase_test

import (
	"encoding/json"
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPhases(t *testing.T) {
	for _, test := range []struct {
		phase             phase.Phase
		primary           phase.Store
		mirrored, guarded bool
	}{
		{phase.OldOnly, phase.Old, false, false},
		{phase.OldPrimary, phase.Old, true, false},
		{phase.OldGuarded, phase.Old, true, true},
		{phase.NewGuarded, phase.New, true, true},
		{phase.NewPrimary, phase.New, true, false},
		{phase.NewOnly, phase.New, false, false},
	} {
		assert.True(t, test.phase.Valid())
		assert.Equal(t, test.primary, test.phase.Primary(), test.phase)
		assert.Equal(t, test.mirrored, test.phase.Mirrored(), test.phase)
		assert.Equal(t, test.guarded, test.phase.Guarded(), test.phase)
		parsed, err := phase.Parse(test.phase.String())
		require.NoError(t, err)
		assert.Equal(t, test.phase, parsed)
	}
	assert.False(t, phase.Phase(0).Valid())
	assert.False(t, phase.Phase(7).Valid())
	assert.False(t, phase.Phase(0).Adjacent(phase.OldOnly), "no phase is next to none")
	assert.True(t, phase.OldGuarded.Adjacent(phase.NewGuarded))
	assert.True(t, phase.NewGuarded.Adjacent(phase.OldGuarded))
	assert.False(t, phase.OldPrimary.Adjacent(phase.NewPrimary))
	assert.False(t, phase.OldOnly.Adjacent(phase.OldOnly))
}

func TestText(t *testing.T) {
	type all struct {
		Phase    phase.Phase
		Store    phase.Store
		Settings phase.Settings
	}
	in := all{phase.NewGuarded, phase.New, phase.Settings{Mirror: phase.Async, Compare: 0.5, Freeze: phase.FreezeWrites}}
	data, err := json.Marshal(in)
	require.NoError(t, err)
	assert.JSONEq(t, `{"Phase":"NewGuarded","Store":"new","Settings":{"mirror":"async","compare":0.5,"freeze":"writes"}}`, string(data))
	var out all
	require.NoError(t, json.Unmarshal(data, &out))
	assert.Equal(t, in, out)
	for _, bad := range []string{`{"Phase":"Newish"}`, `{"Store":"b"}`, `{"Settings":{"mirror":"odd"}}`, `{"Settings":{"freeze":"odd"}}`} {
		assert.Error(t, json.Unmarshal([]byte(bad), &out), bad)
	}
	for _, bad := range []any{phase.Phase(0), phase.Phase(9), phase.Store(2), phase.Mirror(9), phase.Freeze(9)} {
		_, err := json.Marshal(bad)
		assert.Error(t, err, "%T", bad)
	}
}

func TestSettingsValidate(t *testing.T) {
	for _, test := range []struct {
		name     string
		settings phase.Settings
		phase    phase.Phase
		wrong    string
	}{
		{"zero", phase.Settings{}, phase.OldGuarded, ""},
		{"parallel in a guarded phase", phase.Settings{Mirror: phase.Parallel}, phase.NewGuarded, "parallel"},
		{"parallel in a primary phase", phase.Settings{Mirror: phase.Parallel}, phase.NewPrimary, ""},
		{"no phase", phase.Settings{}, 0, "not a phase"},
		{"too much", phase.Settings{Compare: 1.1}, phase.OldOnly, "share"},
		{"not a number", phase.Settings{Compare: nan()}, phase.OldOnly, "share"},
		{"less than none", phase.Settings{Compare: -0.1}, phase.OldOnly, "share"},
		{"recount too much", phase.Settings{Recount: 1.1}, phase.OldOnly, "recount is a share"},
		{"recount less than none", phase.Settings{Recount: -0.1}, phase.OldOnly, "recount is a share"},
		{"recount not a number", phase.Settings{Recount: nan()}, phase.OldOnly, "recount is a share"},
		{"age of the future", phase.Settings{CertificateAge: -1}, phase.OldOnly, "age"},
		{"lead behind", phase.Settings{Lead: -1}, phase.OldOnly, "lead"},
		{"rate not a number", phase.Settings{BackfillRate: nan()}, phase.OldOnly, "backfill-rate"},
		{"no limit", phase.Settings{BackfillRate: -1}, phase.OldOnly, ""},
		{"mirror", phase.Settings{Mirror: 9}, phase.OldOnly, "mirror"},
		{"freeze", phase.Settings{Freeze: 9}, phase.OldOnly, "freeze"},
		{"canary", phase.Settings{Canary: 0.05}, phase.OldGuarded, ""},
		{"canary on the way back", phase.Settings{Canary: 1}, phase.NewGuarded, ""},
		{"canary where reads do not look at the journal", phase.Settings{Canary: 0.05}, phase.OldPrimary, "could be answered by the one that lacks its last write"},
		{"canary beside a fallback", phase.Settings{Canary: 0.05, Fallback: phase.FallbackSave}, phase.NewGuarded, "fallback"},
		{"canary too large", phase.Settings{Canary: 5}, phase.OldGuarded, "share"},
		{"no number as a canary", phase.Settings{Canary: nan()}, phase.OldGuarded, "share"},
		{"errors of a canary", phase.Settings{CanaryErrors: 2}, phase.OldGuarded, "share"},
		{"p99 of a canary", phase.Settings{CanaryP99: -1}, phase.OldGuarded, "positive"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := test.settings.Validate(test.phase)
			if test.wrong == "" {
				assert.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, test.wrong)
		})
	}
}

func nan() float64 {
	zero := 0.0
	return zero / zero
}

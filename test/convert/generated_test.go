package convert_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/generator"
)

// TestGenerated: the shims that are tried here are those that dualgen writes today.
func TestGenerated(t *testing.T) {
	var config generator.Config
	for name := range migrations {
		config.Patterns = append(config.Patterns, "./"+name)
	}
	stale, err := generator.Check(t.Context(), config)
	require.NoError(t, err)
	for _, file := range stale {
		assert.Fail(t, "not what dualgen writes now", "%s\nRun: go tool dualgen ./%s", file.Diff, file.Path)
	}
}

package convert_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dualgen/dualgen/runtime/convert"
)

// TestMissing: a value that is not there, or cannot be had, is nil.
func TestMissing(t *testing.T) {
	assert.Equal(t, convert.PointerTo("x"), convert.Maybe("x", true))
	assert.Nil(t, convert.Maybe("x", false))
	assert.Equal(t, convert.PointerTo(1), convert.Got(1, nil))
	assert.Nil(t, convert.Got(1, errors.New("gone")))
}

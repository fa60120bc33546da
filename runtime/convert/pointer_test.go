package convert_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dualgen/dualgen/runtime/convert"
	"github.com/dualgen/dualgen/runtime/dual"
)

// TestMissing: a value that is not there is nil.
func TestMissing(t *testing.T) {
	assert.Equal(t, convert.PointerTo("x"), convert.Maybe("x", true))
	assert.Nil(t, convert.Maybe("x", false))
}

// TestGot: what a getter could not give equals nothing, not even what another could not give.
func TestGot(t *testing.T) {
	gone := errors.New("gone")
	compare := func(a, b convert.Had[int]) []dual.Difference { return convert.DiffGot(a, b, convert.DiffSame[int]) }
	assert.Empty(t, compare(convert.Got(1, nil), convert.Got(1, nil)))
	assert.Equal(t, []dual.Difference{{Old: 1, New: 2}}, compare(convert.Got(1, nil), convert.Got(2, nil)))
	assert.Equal(t, []dual.Difference{{Old: 1, New: "gone"}}, compare(convert.Got(1, nil), convert.Got(1, gone)))
	assert.Equal(t, []dual.Difference{{Old: "gone", New: 0}}, compare(convert.Got(0, gone), convert.Got(0, nil)))
	assert.Equal(t, []dual.Difference{{Old: "gone", New: "gone"}}, compare(convert.Got(0, gone), convert.Got(0, gone)))
}

package convert_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/convert"
)

func TestMeaning(t *testing.T) {
	exists, duplicate := errors.New("box exists"), errors.New("duplicate key")
	err := convert.Meaning(exists, duplicate)
	require.ErrorIs(t, err, exists)
	require.ErrorIs(t, err, duplicate)
	require.EqualError(t, err, "box exists: duplicate key")
	require.Equal(t, duplicate, err.(interface{ Meant() error }).Meant())
}

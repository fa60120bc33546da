package catalog_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/examples/internal/debindex"
	"github.com/dualgen/dualgen/examples/quickstart/catalog"
)

func TestVersionParts(t *testing.T) {
	for text, want := range map[string]catalog.Version{
		"1.2":              {Upstream: "1.2"},
		"1.2-3":            {Upstream: "1.2", Revision: "3"},
		"7:5.1-2-0+deb12u": {Epoch: 7, Upstream: "5.1-2", Revision: "0+deb12u"},
		"1:2.0:3~rc1":      {Epoch: 1, Upstream: "2.0:3~rc1"},
	} {
		got, err := catalog.ParseVersion(text)
		require.NoError(t, err)
		assert.Equal(t, want, got)
		back, err := catalog.FormatVersion(got)
		require.NoError(t, err)
		assert.Equal(t, text, back)
	}
	_, err := catalog.ParseVersion("x:1")
	assert.ErrorContains(t, err, `epoch of version "x:1"`)
	for _, ambiguous := range []catalog.Version{
		{Epoch: -1, Upstream: "1"}, {Upstream: "1-2"}, {Upstream: "1", Revision: "2-3"},
	} {
		_, err := catalog.FormatVersion(ambiguous)
		assert.Error(t, err)
	}
}

func TestVersionsOfTheIndexRoundTrip(t *testing.T) {
	records, err := debindex.ReadFile("../data/packages.gz")
	require.NoError(t, err)
	for _, record := range records {
		version, err := catalog.ParseVersion(record.Version)
		require.NoError(t, err)
		text, err := catalog.FormatVersion(version)
		require.NoError(t, err)
		require.Equal(t, record.Version, text)
	}
}

package debindex_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/examples/internal/debindex"
)

const twoPackages = `Package: zlib1g
Version: 1:1.2.13.dfsg-1
Installed-Size: 168
Maintainer: Mark Brown <broonie@debian.org>
Depends: libc6 (>= 2.14),  default-mta | mail-transport-agent,
# a comment
Tag: role::shared-lib, implemented-in::c,
 role::shared-lib
Section: libs
Priority: required
Size: 86728

Package: bare
Version: 0

`

func TestReadAllTakesWhatStandsThere(t *testing.T) {
	records, err := debindex.ReadAll(strings.NewReader(twoPackages))
	require.NoError(t, err)
	installed := int64(168)
	assert.Equal(t, []debindex.Record{{
		Name: "zlib1g", Version: "1:1.2.13.dfsg-1", Section: "libs", Priority: "required",
		Maintainer: "Mark Brown <broonie@debian.org>", Size: 86728, InstalledSize: &installed,
		Depends: []debindex.Dependency{
			{Target: "libc6", Relation: "(>= 2.14)"},
			{Target: "default-mta", Relation: "| mail-transport-agent"},
		},
		Tags: []string{"implemented-in::c", "role::shared-lib"},
	}, {Name: "bare", Version: "0"}}, records)
}

func TestReadAllRefuses(t *testing.T) {
	for _, test := range []struct{ name, index, want string }{
		{"continuation of nothing", " lost\n", "line 1 continues no field"},
		{"no field", "Package: a\nnonsense\n", "line 2: neither a field nor its continuation"},
		{"twice", "Package: a\npackage: b\n", `line 2: field "package" stands twice`},
		{"blank in name", "Pack age: a\n", "line 1: a field name with a blank"},
		{"no version", "Package: a\n", "without Package or Version"},
		{"size", "Package: a\nVersion: 1\nSize: big\n", `package a: Size "big" is not a size`},
		{"negative", "Package: a\nVersion: 1\nInstalled-Size: -1\n", `Installed-Size "-1" is not a size`},
		{"endless line", "Package: " + strings.Repeat("a", 2<<20), "line 1: bufio.Scanner: token too long"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := debindex.ReadAll(strings.NewReader(test.index))
			require.ErrorContains(t, err, test.want)
		})
	}
}

// The checked-in slice keeps the oddities it was cut for.
func TestSliceIsOdd(t *testing.T) {
	records, err := debindex.ReadFile("../../quickstart/data/packages.gz")
	require.NoError(t, err)
	require.Greater(t, len(records), 2500)
	count := func(is func(debindex.Record) bool) (n int) {
		for _, record := range records {
			if is(record) {
				n++
			}
		}
		return n
	}
	assert.Greater(t, count(func(r debindex.Record) bool { return strings.Contains(r.Version, ":") }), 200)
	assert.Greater(t, count(func(r debindex.Record) bool { return r.InstalledSize == nil }), 50)
	assert.Greater(t, count(func(r debindex.Record) bool { return r.Homepage == nil }), 100)
	assert.Greater(t, count(func(r debindex.Record) bool { return len(r.Depends) > 100 }), 5)
	assert.Greater(t, count(func(r debindex.Record) bool { return strings.ContainsAny(r.Maintainer, "éèöüßł") }), 50)
}

func TestReadFileWithoutFile(t *testing.T) {
	_, err := debindex.ReadFile("missing.gz")
	require.ErrorIs(t, err, os.ErrNotExist)
}

// A paragraph that was read and is written again reads the same.
func FuzzReader(f *testing.F) {
	f.Add(twoPackages)
	f.Add("A: 1\n b\n\tc\n\n\n#x\nB:\n")
	f.Fuzz(func(t *testing.T, index string) {
		for reader := debindex.NewReader(strings.NewReader(index)); ; {
			paragraph, err := reader.Next()
			if err != nil {
				return
			}
			var text strings.Builder
			for field, value := range paragraph {
				text.WriteString(field + ": " + strings.ReplaceAll(value, "\n", "\n ") + "\n")
			}
			again, err := debindex.NewReader(strings.NewReader(text.String())).Next()
			require.NoError(t, err)
			require.Equal(t, paragraph, again)
			if record, err := debindex.Parse(paragraph); err == nil {
				require.NotEmpty(t, record.Name)
				require.NotEmpty(t, record.Version)
			}
		}
	})
}

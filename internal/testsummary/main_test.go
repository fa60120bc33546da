package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSummaryFailsOnWhateverIsNotWell(t *testing.T) {
	pass := `{"Action":"pass","Package":"p","Test":"A"}` + "\n" + `{"Action":"pass","Package":"p","Elapsed":1.25}` + "\n"
	for _, test := range []struct {
		name, input string
		ok          bool
		want        string
	}{
		{"all passed", pass, true, "1 packages: 1 tests passed, 0 failed, 0 skipped"},
		{"nothing ran", `{"Action":"skip","Package":"p"}`, false, "1 packages: 0 tests passed"},
		{"skipped", pass + `{"Action":"skip","Package":"p","Test":"B"}`, false, "SKIPPED p B"},
		{"failed", `{"Action":"output","Package":"p","Test":"B","Output":"why\n"}` + "\n" + `{"Action":"fail","Package":"p","Test":"B"}` + "\n" + pass,
			false, "why\n"},
		{"package failed", pass + `{"Action":"output","Package":"q","Output":"panic: x\n"}` + "\n" + `{"Action":"fail","Package":"q"}`, false, "panic: x"},
		{"does not build", pass + `{"ImportPath":"q","Action":"build-output","Output":"syntax\n"}` + "\n" + `{"ImportPath":"q","Action":"build-fail"}`,
			false, "syntax"},
		{"tables show", `{"Action":"output","Package":"p","Test":"A","Output":"| kills | 7 |\n"}` + "\n" + pass, true, "| kills | 7 |"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out strings.Builder
			assert.Equal(t, test.ok, summarise(strings.NewReader(test.input), &out))
			assert.Contains(t, out.String(), test.want)
		})
	}
}

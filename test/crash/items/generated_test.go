package items

import (
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
)

// The wrappers under test are those that the generator makes now.
func TestWrappersAreUpToDate(t *testing.T) {
	output, err := exec.CommandContext(t.Context(), "go", "tool", "dualgen", "check", ".").CombinedOutput()
	require.NoError(t, err, "%s", output)
}

package ctl_test

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/ctl"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
)

// childControl names the variable that makes the test's binary a command over the control store in that file.
const childControl = "DUALGEN_TEST_CTL_CONTROL"

func child(path string) {
	os.Args = []string{"ctl", "watch", "--every", "100ms"}
	ctl.Main(func(context.Context) (*dual.Migration, error) {
		c, err := control.NewFile(path)
		if err != nil {
			return nil, err
		}
		return dual.NewMigration(dual.Config{Control: c, Journal: journal.NewMemory(), Instance: "child", Lease: time.Hour})
	})
}

// A command whose output nobody reads any more leaves the fleet in order: it would be waited for until its lease runs out.
func TestReaderGone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "control.json")
	c, err := control.NewFile(path)
	require.NoError(t, err)
	require.NoError(t, control.Init(t.Context(), c, "test"))
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), childControl+"="+path)
	output, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	_, err = bufio.NewReader(output).ReadString('\n')
	require.NoError(t, err)
	require.NoError(t, output.Close())
	_ = command.Wait() // how it ends is not asked for
	instances, err := c.Instances(t.Context())
	require.NoError(t, err)
	require.Empty(t, instances)
}

package control_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	helperFile   = "DUALGEN_TEST_CONTROL_FILE"
	helperRounds = 25
)

// TestHelperProcess is not a test: TestFileAcrossProcesses runs it in processes of their own.
func TestHelperProcess(t *testing.T) {
	path := os.Getenv(helperFile)
	if path == "" {
		return
	}
	f, err := control.NewFile(path)
	require.NoError(t, err)
	for range helperRounds {
		_, err := control.Update(ctx, f, func(r *control.Record) error { r.Voids++; return nil })
		require.NoError(t, err)
	}
}

// Several processes change one file, and no change is lost.
func TestFileAcrossProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "control.json")
	f, err := control.NewFile(path)
	require.NoError(t, err)
	require.NoError(t, control.Init(ctx, f, "test"))
	const processes = 3
	done := make(chan error, processes)
	for range processes {
		command := exec.Command(os.Args[0], "-test.run=^TestHelperProcess$")
		command.Env = append(os.Environ(), helperFile+"="+path)
		go func() { done <- command.Run() }()
	}
	for range processes {
		require.NoError(t, <-done)
	}
	record, err := f.Load(ctx)
	require.NoError(t, err)
	assert.EqualValues(t, processes*helperRounds, record.Voids)
	assert.EqualValues(t, 1+processes*helperRounds, record.Revision)
}

func TestFileCanBeRead(t *testing.T) {
	directory := t.TempDir()
	path := filepath.Join(directory, "control.json")
	f, err := control.NewFile(path)
	require.NoError(t, err)
	require.NoError(t, control.Init(ctx, f, "test"))
	require.NoError(t, f.Renew(ctx, control.Instance{ID: "a"}, time.Minute))
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	var content struct {
		Record struct{ Phase, By string }
	}
	require.NoError(t, json.Unmarshal(data, &content))
	assert.Equal(t, "OldOnly", content.Record.Phase)
	assert.Equal(t, "test", content.Record.By)
	again, err := control.NewFile(path)
	require.NoError(t, err)
	record, err := again.Load(ctx)
	require.NoError(t, err)
	assert.Equal(t, phase.OldOnly, record.Phase, "it survives the process")
	files, err := os.ReadDir(directory)
	require.NoError(t, err)
	assert.Len(t, files, 2, "the file and its lock: nothing temporary is left")
}

func TestFileThatCannotBeUsed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "control.json")
	require.NoError(t, os.WriteFile(path, []byte("not a record"), 0o600))
	_, err := control.NewFile(path)
	require.ErrorContains(t, err, "control.json")
	_, err = control.NewFile(filepath.Join(t.TempDir(), "no such directory", "control.json"))
	require.Error(t, err)

	directory := filepath.Join(t.TempDir(), "gone")
	require.NoError(t, os.Mkdir(directory, 0o700))
	f, err := control.NewFile(filepath.Join(directory, "control.json"))
	require.NoError(t, err)
	require.NoError(t, os.RemoveAll(directory))
	require.Error(t, control.Init(ctx, f, "test"))
}

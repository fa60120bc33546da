package walk

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"time"
)

const (
	// childVariable names the directory to the process that walks.
	childVariable = "DUALGEN_WALK_DIRECTORY"
	// killMe is the line by which that process asks to be killed. It goes on with its work meanwhile.
	killMe = "\x00kill me"
	// reprieve is the longest time between the request and the kill.
	reprieve = 120 * time.Millisecond
)

// errKilled says that the process was killed on request.
var errKilled = errors.New("killed")

// supervise runs the walk in a process of its own, kills it where it asks for that, and starts it again.
func supervise(ctx context.Context, o options, remove func(context.Context, string) error, out, messages io.Writer) (err error) {
	if o.directory == "" {
		if o.directory, err = os.MkdirTemp("", "dualgen-walk-"); err != nil {
			return fmt.Errorf("make a directory: %w", err)
		}
		defer func() { err = errors.Join(err, cleanUp(context.WithoutCancel(ctx), o.directory, remove)) }()
	}
	if err := os.MkdirAll(o.directory, 0o700); err != nil {
		return fmt.Errorf("make a directory: %w", err)
	}
	for {
		err := child(ctx, o.directory, out, messages)
		if !errors.Is(err, errKilled) {
			return err
		}
	}
}

// cleanUp removes a temporary directory, and what belongs to it elsewhere.
func cleanUp(ctx context.Context, directory string, remove func(context.Context, string) error) error {
	if remove == nil {
		return os.RemoveAll(directory)
	}
	return errors.Join(remove(ctx, directory), os.RemoveAll(directory))
}

// child runs one process of the walk to its end.
func child(ctx context.Context, directory string, out, messages io.Writer) error {
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	command := exec.CommandContext(ctx, program, os.Args[1:]...)
	command.Env = append(os.Environ(), childVariable+"="+directory)
	command.Stderr = messages
	lines, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return fmt.Errorf("start the walk: %w", err)
	}
	killed := false
	for scanner := bufio.NewScanner(lines); scanner.Scan(); {
		if scanner.Text() != killMe {
			fmt.Fprintln(out, scanner.Text())
			continue
		}
		time.Sleep(rand.N(reprieve))
		killed = true
		if err := command.Process.Kill(); err != nil {
			return fmt.Errorf("kill the walk: %w", err)
		}
	}
	if err := command.Wait(); killed {
		return errKilled
	} else if err != nil {
		return fmt.Errorf("the walk failed: %w", err)
	}
	return nil
}

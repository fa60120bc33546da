package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/dualgen/dualgen/runtime/console"
)

// instances is how many instances run.
const instances = 3

// up starts the whole, and stops it when ctx ends.
func up(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	at, remove, err := prepare(ctx, fmt.Sprint("dualgen_ops_", os.Getpid()))
	if err != nil {
		return err
	}
	defer remove()
	directory, err := os.MkdirTemp("", "ops")
	if err != nil {
		return err
	}
	defer os.RemoveAll(directory)
	command := filepath.Join(directory, "catalog-ctl")
	if err := os.WriteFile(command, []byte(script(self, at)), 0o755); err != nil {
		return err
	}
	invited := invite()
	fleet := &fleet{self: self, environment: append(at.environment(), invited.environment()), directory: directory}
	defer fleet.stop()
	fmt.Println("filling the old store")
	if err := fleet.run(ctx, "seed", "3000"); err != nil {
		return err
	}
	if err := fleet.run(ctx, "ctl", "init"); err != nil {
		return err
	}
	var addresses []string
	for range instances {
		address, err := fleet.serve(ctx)
		if err != nil {
			return err
		}
		addresses = append(addresses, "http://"+address)
	}
	fmt.Printf("instances: %s (each answers /packages/NAME, /sections/NAME, /ready)\n", strings.Join(addresses, " "))
	fmt.Printf("the console: %s/migration/ (of any instance)\n", addresses[0])
	for name, a := range invited {
		fmt.Printf("  sign in as %s, password %s%s\n", name, a.password, map[console.Role]string{console.Viewer: ", to look only"}[a.role])
	}
	fmt.Printf("the command: %s status\ntheir logs: %s\nclients:\n", command, directory)
	return fleet.run(ctx, append([]string{"clients"}, addresses...)...)
}

// script runs the migration's command from any terminal.
func script(self string, at place) string {
	var b strings.Builder
	b.WriteString("#!/bin/sh\n")
	for _, variable := range at.environment() {
		name, value, _ := strings.Cut(variable, "=")
		fmt.Fprintf(&b, "export %s='%s'\n", name, strings.ReplaceAll(value, "'", `'\''`))
	}
	fmt.Fprintf(&b, "exec '%s' ctl \"$@\"\n", strings.ReplaceAll(self, "'", `'\''`))
	return b.String()
}

// fleet are the processes that were started.
type fleet struct {
	self, directory string
	environment     []string
	started         []*exec.Cmd
	ended           sync.WaitGroup
}

// run runs one of this program's verbs to its end.
func (f *fleet) run(ctx context.Context, args ...string) error {
	command := f.command(ctx, args...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	if err := command.Run(); err != nil && ctx.Err() == nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	return nil
}

func (f *fleet) command(ctx context.Context, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, f.self, args...)
	command.Env = append(os.Environ(), f.environment...)
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = 10 * time.Second
	return command
}

// serve starts an instance, waits until it is ready, and returns its address.
func (f *fleet) serve(ctx context.Context) (address string, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	address = listener.Addr().String()
	listener.Close() // the instance takes it a moment later
	log, err := os.Create(filepath.Join(f.directory, fmt.Sprintf("instance-%d.log", len(f.started)+1)))
	if err != nil {
		return "", err
	}
	defer log.Close()
	command := f.command(ctx, "serve", address)
	command.Stderr = log
	if err := command.Start(); err != nil {
		return "", err
	}
	f.started = append(f.started, command)
	ended := make(chan error, 1)
	f.ended.Go(func() { ended <- command.Wait() })
	for {
		if response, err := http.Get("http://" + address + "/ready"); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return address, nil
			}
		}
		select {
		case err := <-ended:
			return "", errors.Join(fmt.Errorf("an instance ended; its log is %s", log.Name()), err)
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// stop ends the instances, and waits until they have given up what they hold.
func (f *fleet) stop() {
	for _, command := range f.started {
		_ = command.Process.Signal(syscall.SIGTERM) // it may have ended
	}
	f.ended.Wait()
}

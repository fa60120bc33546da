//go:build unix && !solaris && !illumos && !aix

package control

import (
	"errors"
	"os"
	"syscall"
)

// lockFile waits for the exclusive lock on the file of that path, and makes the file if there is none.
func lockFile(path string) (unlock func() error, err error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX)
		if err == nil {
			return file.Close, nil // closing gives the lock up
		}
		if !errors.Is(err, syscall.EINTR) {
			return nil, errors.Join(err, file.Close())
		}
	}
}

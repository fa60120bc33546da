//go:build !unix || solaris || illumos || aix

package control

import (
	"errors"
	"fmt"
)

// lockFile is not to be had here.
func lockFile(path string) (unlock func() error, err error) {
	return nil, fmt.Errorf("lock %s: %w", path, errors.ErrUnsupported)
}

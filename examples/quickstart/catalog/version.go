package catalog

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/dualgen/dualgen/examples/quickstart/catalog/boltstore"
)

// Version is a package's version. Two versions with the same parts are the same version.
type Version struct {
	Epoch    int
	Upstream string
	Revision string // "" for a package made for this distribution
}

// ParseVersion reads "[epoch:]upstream[-revision]".
func ParseVersion(text string) (Version, error) {
	version := Version{Upstream: text}
	if epoch, rest, ok := strings.Cut(text, ":"); ok {
		number, err := strconv.ParseUint(epoch, 10, 31)
		if err != nil {
			return Version{}, fmt.Errorf("epoch of version %q: %w", text, err)
		}
		version = Version{Epoch: int(number), Upstream: rest}
	}
	if at := strings.LastIndexByte(version.Upstream, '-'); at >= 0 {
		version.Upstream, version.Revision = version.Upstream[:at], version.Upstream[at+1:]
	}
	return version, nil
}

// FormatVersion writes what ParseVersion reads.
func FormatVersion(v Version) (string, error) {
	if err := v.check(); err != nil {
		return "", err
	}
	text := v.Upstream
	if v.Revision != "" {
		text += "-" + v.Revision
	}
	if v.Epoch != 0 || strings.Contains(text, ":") {
		text = strconv.Itoa(v.Epoch) + ":" + text
	}
	return text, nil
}

// SplitVersion makes the new store's version.
func SplitVersion(v Version) (boltstore.Version, error) {
	return boltstore.Version{Epoch: uint32(v.Epoch), Upstream: v.Upstream, Revision: v.Revision}, v.check()
}

// JoinVersion reads the new store's version.
func JoinVersion(parts boltstore.Version) (Version, error) {
	v := Version{Epoch: int(parts.Epoch), Upstream: parts.Upstream, Revision: parts.Revision}
	return v, v.check()
}

// check refuses parts that could not be told apart again in a version's text.
func (v Version) check() error {
	switch {
	case v.Epoch < 0 || v.Epoch > math.MaxInt32:
		return fmt.Errorf("version %+v: epoch out of range", v)
	case strings.Contains(v.Revision, "-"):
		return fmt.Errorf("version %+v: a hyphen in the revision", v)
	case v.Revision == "" && strings.Contains(v.Upstream, "-"):
		return fmt.Errorf("version %+v: a hyphen in the upstream version, and no revision", v)
	}
	return nil
}

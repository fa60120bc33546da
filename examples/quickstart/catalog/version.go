package catalog

import (
	"fmt"
	"math"
	"strconv"
	"strings"
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

// FormatVersion writes what ParseVersion reads. Parts that could not be told apart again are no version.
func FormatVersion(v Version) (string, error) {
	switch {
	case v.Epoch < 0 || v.Epoch > math.MaxInt32:
		return "", fmt.Errorf("version %+v: epoch out of range", v)
	case strings.Contains(v.Revision, "-"):
		return "", fmt.Errorf("version %+v: a hyphen in the revision", v)
	case v.Revision == "" && strings.Contains(v.Upstream, "-"):
		return "", fmt.Errorf("version %+v: a hyphen in the upstream version, and no revision", v)
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

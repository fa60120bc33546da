package catalog

import (
	"fmt"
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

// FormatVersion writes what ParseVersion reads.
func FormatVersion(v Version) string {
	text := v.Upstream
	if v.Epoch != 0 {
		text = strconv.Itoa(v.Epoch) + ":" + text
	}
	if v.Revision != "" {
		text += "-" + v.Revision
	}
	return text
}

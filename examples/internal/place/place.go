// Package place gives each run of an example a place of its own on the servers that the environment names.
package place

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Server returns what an environment variable names. servers are those that scripts/servers is to start for the example.
func Server(variable, servers string) (string, error) {
	if value := os.Getenv(variable); value != "" {
		return value, nil
	}
	return "", fmt.Errorf("%s is not set: eval \"$(scripts/servers up %s)\" first", variable, servers)
}

// Name makes a name that needs no quotes from a directory's.
func Name(directory string) string {
	return "walk_" + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToLower(filepath.Base(directory)))
}

package debindex

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"strings"
)

// ReadFile reads an index from a file, compressed with gzip if its name ends in .gz.
func ReadFile(path string) ([]Record, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open package index: %w", err)
	}
	defer file.Close()
	if !strings.HasSuffix(path, ".gz") {
		return ReadAll(file)
	}
	return ReadGzip(file)
}

// ReadGzip reads an index that is compressed with gzip.
func ReadGzip(r io.Reader) ([]Record, error) {
	plain, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("decompress package index: %w", err)
	}
	defer plain.Close()
	return ReadAll(plain)
}

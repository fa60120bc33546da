package fakes3store

import (
	"bytes"
	"io"

	"pgregory.net/rapid"
)

// contents draws what an object holds, which no struct's fields tell.
func contents(t *rapid.T) io.ReadCloser {
	return io.NopCloser(bytes.NewReader(rapid.SliceOf(rapid.Byte()).Draw(t, "contents")))
}

package ctl

import (
	"io"
	"os"

	"github.com/dualgen/dualgen/runtime/internal/outlook"
)

// terminal passes text on to a person's screen without what would steer it: keys, causes and names come from elsewhere.
// Lines and tabs pass; what comes from elsewhere goes through line first, so that it makes none.
type terminal struct{ to io.Writer }

// screen reports whether a person's screen is behind it.
func (t terminal) screen() bool {
	file, ok := t.to.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// Write implements io.Writer.
func (t terminal) Write(text []byte) (int, error) {
	if _, err := io.WriteString(t.to, outlook.Escaped(string(text), "\n\t")); err != nil {
		return 0, err
	}
	return len(text), nil
}

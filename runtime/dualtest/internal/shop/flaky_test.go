package shop

import (
	"strings"
	"testing"
)

// TestFailureThatDoesNotShowAgain: of a failure that does not show when its sequence runs again, what led to it is told.
func TestFailureThatDoesNotShowAgain(t *testing.T) {
	failed := false
	once := flaw{putItem: func(m *memory, item Item) error {
		if item.Name != "" && !failed {
			failed, item.Name = true, ""
		}
		return m.put(item)
	}}
	_, text := caught(t, nil, once, flaw{})
	if told := strings.Index(text, "does not show each time"); told < 0 || !strings.Contains(text[told:], `became ""`) || !strings.Contains(text[told:], "\nafter:\n") {
		t.Errorf("it is not told what failed:\n%s", text)
	}
}

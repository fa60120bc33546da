package twoverbs

import (
	"context"
	"errors"
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestWritesAreThereAfterTheSwitch: what each method stored or removed before is served after.
func TestWritesAreThereAfterTheSwitch(t *testing.T) {
	for name, c := range map[string]struct {
		write func(context.Context, Pages) error
		want  string // the text of page "a", "" for none
	}{
		"FindRemove": {func(ctx context.Context, pages Pages) error { _, err := pages.FindRemove(ctx, "red"); return err }, ""},
		"LoadStore":  {func(ctx context.Context, pages Pages) error { _, err := pages.LoadStore(ctx, "a", "green"); return err }, "green"},
		"WalkPages": {func(ctx context.Context, pages Pages) error {
			return pages.WalkPages(ctx, func(p *Page) error { p.Text += "!"; return nil })
		}, "red!"},
	} {
		t.Run(name, func(t *testing.T) {
			walk.Run(t, func(t *testing.T, w *walk.Walk) {
				pages := NewDualPages(&Site{}, &Site{}, w.Migration)
				if err := errors.Join(pages.SavePage(t.Context(), Page{"a", "red"}), pages.SavePage(t.Context(), Page{"b", "blue"})); err != nil {
					t.Fatal(err)
				}
				w.To(phase.OldGuarded)
				if err := c.write(t.Context(), pages); err != nil {
					t.Fatal(err)
				}
				w.To(phase.NewPrimary)
				got, err := pages.GetPage(t.Context(), "a")
				if errors.Is(err, ErrNotFound) != (c.want == "") || got.Text != c.want {
					t.Errorf("served %q %v, want %q", got.Text, err, c.want)
				}
			})
		})
	}
}

package namespaces

import (
	"errors"
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestDraftsStayDrafts: a draft never becomes an article, nor an article a draft, by a mirror, a copy or a backfill.
func TestDraftsStayDrafts(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		old, new := &Press{}, &Press{}
		articles := NewDualArticles(old, new, w.Migration)
		store := func(article, draft string) {
			t.Helper()
			if err := errors.Join(articles.SaveArticle(t.Context(), Article{article, "public"}, "ann"), articles.SaveDraftArticle(t.Context(), Article{draft, "secret"})); err != nil {
				t.Fatal(err)
			}
		}
		store("a", "d")
		w.To(phase.OldGuarded)
		store("b", "e")
		new.articles.Down()
		new.drafts.Down()
		store("c", "f")
		new.articles.Up()
		new.drafts.Up()
		w.Clean()
		w.To(phase.NewOnly)
		for name, press := range map[string]*Press{"old": old, "new": new} {
			for _, article := range press.articles.All() {
				if article.Text != "public" {
					t.Errorf("the %s store shows the draft %s as an article", name, article.Slug)
				}
			}
		}
		if articles, drafts := len(new.articles.All()), len(new.drafts.All()); articles != 3 || drafts != 3 {
			t.Errorf("of three articles and drafts the new store has %d and %d", articles, drafts)
		}
	})
}

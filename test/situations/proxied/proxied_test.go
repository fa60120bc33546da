package proxied_test

import (
	"errors"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/proxy"
	"github.com/dualgen/dualgen/test/situations/proxied"
	"github.com/dualgen/dualgen/test/situations/proxied/kvnotes"
	"github.com/dualgen/dualgen/test/situations/proxied/notesdual"
	"github.com/dualgen/dualgen/test/situations/proxied/notesproxy"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// carried serves notes and returns a client.
func carried(t testing.TB, served proxied.Notes) proxied.Notes {
	server := httptest.NewServer(notesproxy.NewNotesServer(served, proxy.Options{}))
	t.Cleanup(server.Close)
	return notesproxy.NewNotesClient(server.URL, nil)
}

// TestEveryFieldIsCarried: also those that the entity's tags and methods hide from JSON.
func TestEveryFieldIsCarried(t *testing.T) {
	notes := carried(t, kvnotes.New())
	stars := rapid.Ptr(rapid.Int(), true)
	tags := rapid.OneOf(rapid.Just([]string(nil)), rapid.SliceOf(rapid.String()))
	replies := rapid.OneOf(rapid.Just(map[string]proxied.Reply(nil)), rapid.MapOf(rapid.String(), rapid.Make[proxied.Reply]()))
	rapid.Check(t, func(t *rapid.T) {
		note := proxied.Note{
			ID: rapid.String().Draw(t, "id"), Text: rapid.String().Draw(t, "text"), Secret: rapid.String().Draw(t, "secret"),
			Mood: proxied.Mood(rapid.Int().Draw(t, "mood")), Tags: tags.Draw(t, "tags"), Stars: stars.Draw(t, "stars"),
			Written: time.Unix(0, rapid.Int64().Draw(t, "written")).UTC(), Replies: replies.Draw(t, "replies"),
		}
		if err := notes.Save(t.Context(), note); err != nil {
			t.Fatal(err)
		}
		got, err := notes.Get(t.Context(), note.ID)
		if err != nil || !reflect.DeepEqual(got, note) {
			t.Fatalf("saved\n%+v, got\n%+v, %v", note, got, err)
		}
	})
}

// TestMigrationBehindTheProxy: the callers know of nothing while the service that has the stores walks.
func TestMigrationBehindTheProxy(t *testing.T) {
	w := walk.Start(t)
	old, new := kvnotes.New(), kvnotes.New()
	notes := carried(t, notesdual.NewDualNotes(old, new, w.Migration))
	for p := phase.OldOnly; p <= phase.NewOnly; p++ {
		w.To(p)
		if err := notes.Save(t.Context(), proxied.Note{ID: p.String(), Secret: "kept"}); err != nil {
			t.Fatal(err)
		}
		seen := 0
		for note, err := range notes.All(t.Context()) {
			if err != nil || note.Secret != "kept" {
				t.Fatal(note, err)
			}
			seen++
		}
		if want := int(p-phase.OldOnly) + 1; seen != want {
			t.Errorf("%v: %d notes are listed, not %d", p, seen, want)
		}
	}
	if _, err := notes.Get(t.Context(), "none"); !errors.Is(err, proxied.ErrNotFound) || err != proxied.ErrNotFound {
		t.Error(err)
	}
	many, err := notes.GetMany(t.Context(), "OldOnly", "none", "NewOnly")
	if err != nil || len(many) != 2 {
		t.Error(many, err)
	}
	if err := notes.Close(); err != nil || old.Shut || new.Shut {
		t.Error("a client closed what others use", err)
	}
}

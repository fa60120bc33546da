package unlisted

import (
	"maps"
	"regexp"
	"testing"

	"github.com/dualgen/dualgen/internal/verdict"
	"github.com/dualgen/dualgen/test/situations/walk"
	"pgregory.net/rapid"
)

// TestSoundStoresPass: nothing lists the coupons, so that the test has not looked at all that there are when a transaction begins. What
// it looks at for the first time after a rollback is not taken for a change.
func TestSoundStoresPass(t *testing.T) {
	walk.Sequences(t, 300)
	RunCouponsConformance(t, func(*testing.T) (Coupons, Coupons) { return &Till{}, &Till{} })
}

// TestBrokenRollbacksAreCaught: and a rollback that leaves something behind is found all the same.
func TestBrokenRollbacksAreCaught(t *testing.T) {
	keeps := func(t *Till, f func(Coupons) error) error { return f(t) }
	keepsNew := func(t *Till, f func(Coupons) error) error {
		before := maps.Clone(t.coupons)
		err := f(t)
		if err != nil {
			maps.Copy(t.coupons, before)
		}
		return err
	}
	for name, pair := range map[string][2]Till{
		"all, old store": {{inTx: keeps}, {}}, "all, new store": {{}, {inTx: keeps}},
		"what is new, old store": {{inTx: keepsNew}, {}}, "what is new, new store": {{}, {inTx: keepsNew}},
	} {
		t.Run(name, func(t *testing.T) {
			walk.Sequences(t, 300)
			v := verdict.Of(t, func(t rapid.TB) {
				couponsSuite().Conform(t, func() (Coupons, Coupons) {
					old, new := pair[0], pair[1]
					return &old, &new
				})
			})
			if law := regexp.MustCompile(`law ([a-z-]+) is broken`).FindStringSubmatch(v.Text); law == nil || law[1] != "rollback-undoes" {
				t.Errorf("caught by %q\n%s", law, v.Text)
			}
		})
	}
}

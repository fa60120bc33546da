package convert_test

import (
	"go/types"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/convert/given"
)

// makers are construct directives.
func makers(t *testing.T, names ...string) (list []given.Maker) {
	for _, name := range names {
		f, ok := casesPackage(t).Scope().Lookup(name).(*types.Func)
		require.True(t, ok)
		list = append(list, given.Maker{Func: f})
	}
	return list
}

// TestMakers: what a constructor leaves over, and directives of no use, are reported with the path.
func TestMakers(t *testing.T) {
	pkg := casesPackage(t)
	ours, row := pkg.Scope().Lookup("Team").Type(), pkg.Scope().Lookup("TeamRow").Type()
	planner := newPlanner(t, given.Options{
		Makers: makers(t, "NewMember", "OtherMember", "NoMaker", "NewMail"),
		Fields: []given.Field{{Path: "Member.Rank", Get: "Rank", Names: [2]string{"Name", ""}}},
	})
	_, faults := planner.Value(row, ours, given.At{Direction: given.FromStore, Path: "Get.v"})
	path := "\n\tGet.v: TeamRow → Team\n\t  .Members: []MemberRow → []Member\n\t    […]: MemberRow → Member"
	assert.Equal(t, []string{
		"construct OtherMember: NewMember makes a Member already\n\tkeep one of the two",
		"construct NoMaker: it is no constructor of a struct\n\twant func(parts...) T, func(parts...) (T, error), or either with *T, of a struct T; a context may come first",
		"Member.Rank can be read but not written: NewMember does not take it, and there is no method SetRank" + path +
			"\n\tsay //dualgen:construct F, with a function that takes it, or field Member.Rank set=METHOD, or ignore Member.Rank",
	}, messages(faults))
	planner.Functions()
	rest := messages(planner.Unused())
	assert.Contains(t, rest, "fields of Member have no counterpart, so they would be lost: state, Name in MemberRow of the old store"+path+
		"\n\twrite above the interface:\n\t//dualgen:ignore old.Member.state\n\t//dualgen:ignore old.Member.Name"+
		"\n\tor leave a field out: //dualgen:ignore old.Member.NAME in one store, //dualgen:ignore Member.NAME in both, //dualgen:ignore old.MemberRow.NAME a field of the store's")
	assert.Contains(t, rest, "construct NewMail: nothing that it makes is converted or compared\n\tremove the directive")
}

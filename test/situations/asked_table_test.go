package situations

import (
	"slices"
	"strings"
	"testing"
)

// situation is a package whose interface is asked about.
type situation struct {
	name      string
	questions []question
}

// question is what is asked, and what a person who looks at it writes.
type question struct {
	on      string   // what it is about, a method, an entity or an error; nothing where it is about a conversion or a comparison
	says    string   // a part of what it says
	shows   []string // what it shows to be pasted
	answers []string // what is written; where it is not what is shown, it is what is shown with its blanks filled in
	above   string   // the declaration that the answers stand above
	round   int      // in which it is asked, 1 unless another one's answer brings it up
}

func (s situation) file() string { return s.name + "/" + s.name + ".go" }

func (s situation) rounds() int {
	last := 1
	for _, q := range s.questions {
		last = max(last, q.round)
	}
	return last
}

// paste writes the answers above the declaration.
func (q question) paste(t *testing.T, lines []string) []string {
	t.Helper()
	i := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), q.above) })
	if i < 0 {
		t.Fatalf("there is no %s", q.above)
	}
	return slices.Insert(lines, i, q.answers...)
}

var (
	kinds  = []string{"//dualgen:read", "//dualgen:write", "//dualgen:delete"}
	writes = []string{"//dualgen:write"}
	none   = []string{"//dualgen:key none"}
)

var asked = []situation{
	{"absent", []question{{
		on: "Lookup", says: "by which error Lookup says that there is no such Word", shows: []string{"//dualgen:notfound? ErrUnknown old=paper.ErrBlank new=cloud.IsMissing"},
		answers: []string{"//dualgen:notfound ErrUnknown old=paper.ErrBlank new=cloud.IsMissing"}, above: "type Words",
	}}},
	{"behind", []question{{
		says: "when two values of Route.Area are equal", shows: []string{"//dualgen:compare equal=Shape:F", "func F(a, b Shape) bool"},
		answers: []string{"//dualgen:compare equal=Shape:sameShape"}, above: "type Routes",
	}}},
	{"createonly", []question{{
		on: "Locker", says: "not CreateLocker, nor UpdateLockerCode",
		shows: []string{
			"//dualgen:entity Locker key=Number get=FindLocker put=? delete=DeleteLocker scan=ListLockers",
			"func putLocker(ctx context.Context, store Lockers, locker *Locker) error",
		},
		answers: []string{"//dualgen:entity Locker key=Number get=FindLocker put=putLocker delete=DeleteLocker scan=ListLockers"}, above: "type Lockers",
	}}},
	{"errormap", []question{{
		on: "ErrTaken", says: "callers of Seats get ErrTaken", shows: []string{"//dualgen:error ErrTaken old=sqlseats.IsDuplicate new=kvseats.ErrKeyExists"},
		answers: []string{"//dualgen:error ErrTaken old=sqlseats.IsDuplicate new=kvseats.ErrKeyExists"}, above: "type Seats",
	}}},
	{"fromstream", []question{
		{on: "LoadFrom", says: "it is handed a reader", shows: append(kinds, none...), answers: append(writes, none...), above: "LoadFrom("},
		{on: "Scan", says: "a value of any type", shows: append(kinds, none...), answers: append(writes, none...), above: "Scan("},
	}},
	{"hidden", []question{{
		on: "Unarchive", says: "cannot copy what Unarchive restores", shows: []string{"//dualgen:entity … get=… put=… delete=… scan=…"},
		answers: []string{
			"//dualgen:entity Mail type=Filed key=ID get=FindFiled put=PutFiled delete=DropFiled scan=AllFiled methods=Get,Save,Delete,Unarchive,List",
		}, above: "type Mails",
	}}},
	{"insertonly", []question{{
		on: "Badge", says: "StoreBadge may store one only where there is none, since UpdateBadge stands beside it",
		shows:   []string{"//dualgen:entity Badge key=Serial get=FetchBadge put=StoreBadge delete=RemoveBadge scan=ListBadges"},
		answers: []string{"//dualgen:entity Badge key=Serial get=FetchBadge put=UpdateBadge,StoreBadge delete=RemoveBadge scan=ListBadges"}, above: "type Badges",
	}}},
	{"joinrow", []question{{
		on: "AddStudent", says: "Course has no field for its argument student, which may be kept in a row of its own",
		shows:   []string{"key=CourseID,Student get=… put=… delete=… methods=AddStudent, with a struct ", " and functions over a store that copy one"},
		answers: []string{"//dualgen:entity CourseRow key=CourseID,Student get=getStudent put=putStudent delete=none scan=allStudents methods=AddStudent,HasStudent"}, above: "type Courses",
	}}},
	{"jsoncolumn", []question{
		{says: "cannot convert Profile.Prefs", shows: []string{"//dualgen:field Profile.Prefs as=json"}, answers: []string{"//dualgen:field Profile.Prefs as=json"}, above: "type Profiles"},
		{says: "cannot convert Profile.Home", shows: []string{"//dualgen:field Profile.Home as=json"}, answers: []string{"//dualgen:field Profile.Home as=json"}, above: "type Profiles"},
		{says: "cannot convert Profile.Visits", shows: []string{"//dualgen:field Profile.Visits as=json"}, answers: []string{"//dualgen:field Profile.Visits as=json"}, above: "type Profiles"},
	}},
	{"lists", []question{{
		on: "Score", says: "no method removes one by its key alone, not RemoveScores",
		shows:   []string{"//dualgen:entity Score key=Game,Player get=GetScore put=SaveScores delete="},
		answers: []string{"//dualgen:entity Score key=Game,Player get=GetScore put=SaveScores delete=removeScore scan=ListScores"}, above: "type Scores",
	}}},
	{"madekey", []question{{
		on: "Store", says: "the store likely makes the key of what Store writes", shows: []string{"//dualgen:key result", "//dualgen:key ticket.ID"},
		answers: []string{"//dualgen:key result"}, above: "Store(",
	}}},
	{"namespaces", []question{{
		on: "Article", says: "put: ", shows: []string{
			"//dualgen:entity Article key=Slug get=GetArticle put=? delete=DeleteArticle scan=ListArticles",
			"func putArticle(ctx context.Context, store Articles, article Article) error",
		},
		answers: []string{"//dualgen:entity Article key=Slug get=GetArticle put=putArticle delete=DeleteArticle scan=ListArticles"}, above: "type Articles",
	}, {
		on: "SaveDraftArticle", says: "GetDraftArticle finds what it writes, and GetArticle need not",
		shows: []string{
			"//dualgen:entity DraftArticle type=Article key=Slug get=… put=… delete=… methods=GetDraftArticle,SaveDraftArticle,DeleteDraftArticle,ListDraftArticles",
		},
		answers: []string{
			"//dualgen:entity DraftArticle type=Article key=Slug get=GetDraftArticle put=SaveDraftArticle delete=DeleteDraftArticle scan=ListDraftArticles methods=GetDraftArticle,SaveDraftArticle,DeleteDraftArticle,ListDraftArticles",
		}, above: "type Articles",
	}}},
	{"numbered", []question{{
		on: "Receipt", says: "Save may make the key where it is 0, and change only one that is there where it is not",
		shows: []string{
			"//dualgen:entity Receipt key=ID get=Get put=Save delete=Delete scan=List",
			"put=putReceipt, and func putReceipt(ctx context.Context, store Receipts, receipt *Receipt) error",
		},
		answers: []string{"//dualgen:entity Receipt key=ID get=Get put=Save delete=Delete scan=List"}, above: "type Receipts",
	}}},
	{"opaque", []question{{
		on: "List", says: "it may be an opaque cursor", shows: []string{"//dualgen:cursor state", "//dualgen:cursor none"},
		answers: []string{"//dualgen:cursor state"}, above: "List(",
	}}},
	{"promoted", []question{{
		says:    "Amount has its marshaler from a field embedded in it",
		shows:   []string{"//dualgen:convert F, with func F(string) (Amount, error)"},
		answers: []string{"//dualgen:convert ParseAmount,FormatAmount,ParseNetwork,FormatNetwork,ParseShift,FormatShift"}, above: "type Meters",
	}, {
		says: "Network has its marshaler from a field embedded in it", shows: []string{"//dualgen:convert F, with func F(string) (Network, error)"}, above: "type Meters",
	}, {
		says: "Shift has its marshaler from a field embedded in it", shows: []string{"//dualgen:convert F, with func F([]byte) (Shift, error)"}, above: "type Meters",
	}}},
	{"second", []question{{
		on: "CreateOrder", says: "it is handed Line too, which a copy of Order does not cover", shows: []string{"//dualgen:entity Order,Line"},
		answers: []string{"//dualgen:entity Order,Line"}, above: "CreateOrder(",
	}}},
	{"swept", []question{{
		on: "RangePurgeJobs", says: "its name says both Range and Purge", shows: append(kinds, "//dualgen:entity Job", "//dualgen:key none"),
		answers: []string{"//dualgen:delete", "//dualgen:entity Job", "//dualgen:key none"}, above: "RangePurgeJobs(",
	}, {
		on: "RangeFinishJobs", says: "its name says both Range and Finish", shows: append(kinds, "//dualgen:entity Job", "//dualgen:key none"),
		answers: []string{"//dualgen:delete", "//dualgen:entity Job", "//dualgen:key none"}, above: "RangeFinishJobs(",
	}}},
	{"together", []question{{
		on: "Expire", says: "which entity Expire writes", shows: []string{"//dualgen:entity Invite,Pass"}, answers: []string{"//dualgen:entity Invite,Pass"}, above: "Expire(",
	}}},
	{"twoverbs", []question{
		{
			on: "FindRemove", says: "its name says both Find and Remove", shows: append(kinds, "//dualgen:entity Page", "//dualgen:key none"),
			answers: []string{"//dualgen:delete", "//dualgen:entity Page", "//dualgen:key none"}, above: "FindRemove(",
		},
		{on: "LoadStore", says: "its name says both Load and Store", shows: append(kinds, "//dualgen:key slug"), answers: append(writes, "//dualgen:key slug"), above: "LoadStore("},
		{on: "WalkPages", says: "to a function, which may change it", shows: []string{"//dualgen:read", "//dualgen:write", "//dualgen:key none"}, answers: append(writes, none...), above: "WalkPages("},
	}},
}

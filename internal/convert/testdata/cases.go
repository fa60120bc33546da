// Package cases holds a pair of types for each diagnostic of the planner, and fields for each rule.
package cases

import (
	"context"
	"database/sql"
	"encoding/json"
	"math/big"
	"net"
	"net/netip"
	"time"

	"github.com/gocql/gocql"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
	"gopkg.in/inf.v0"
)

type (
	Lost    struct{ Name, Search string }
	LostRow struct{ Name string }

	Empty    struct{ Name string }
	EmptyRow struct{ Name, Source string }

	Ambiguous    struct{ FullName string }
	AmbiguousRow struct {
		Full_Name string
		FULLNAME  string
	}

	Crossed    struct{ Name, Title string }
	CrossedRow struct {
		Name  string `db:"Title"`
		Title string
	}

	Epoch    struct{ At time.Time }
	EpochRow struct{ At int64 }

	Text    struct{ At time.Time }
	TextRow struct{ At string }

	Took    struct{ Took time.Duration }
	TookRow struct{ Took int64 }

	Bag    struct{ Tags []string }
	BagRow struct{ Tags map[string]struct{} }

	Hashes    struct{ Tags map[[2]byte]struct{} }
	HashesRow struct{ Tags [][2]byte }

	Unrelated    struct{ X netip.Addr }
	UnrelatedRow struct{ X netip.Prefix }

	Lengths    struct{ Hash [4]byte }
	LengthsRow struct{ Hash [5]byte }

	Closed    struct{ C closed }
	ClosedRow struct{ C hidden }

	None    struct{ X float64 }
	NoneRow struct{ X string }

	Interval    struct{ X time.Duration }
	IntervalRow struct{ X pgtype.Interval }

	Policy    struct{ X string }
	PolicyRow struct{ X *string }

	Order    struct{ Lines []Line }
	OrderRow struct{ Lines []LineRow }
	Line     struct {
		Price float64
		Note  string
	}
	LineRow struct {
		Price bool
		Memo  string
	}

	Color    uint8
	Paint    uint8
	Enums    struct{ Color Color }
	EnumsRow struct{ Color Paint }

	Tree    []Tree
	TreeRow []TreeRow

	Graph struct {
		Next  *Graph
		Edges map[string][]Graph
		Trees map[string]Tree
	}

	Ignored    struct{ Name, Search string }
	IgnoredRow struct{ Name, Source string }

	Renamed    struct{ Name string }
	RenamedRow struct{ Label string }
)

const (
	ColorRed Color = iota
	ColorBlue
)

const (
	PaintRed Paint = iota
	PaintBlue
	PaintGreen
)

type (
	hidden = pgtypeHidden
	closed = sqlHidden
)

type (
	pgtypeHidden = big.Int
	sqlHidden    = time.Location
)

type (
	Status string
	Email  string
	Names  []string
	State  string
)

const (
	StatusOn  Status = "on"
	StatusOff Status = "off"
)

const (
	StateOn  State = "on"
	StateOff State = "off"
)

// Mail is made of its address.
type Mail struct{ address string }

func NewMail(address string) (Mail, error) { return Mail{address}, nil }

// Member is behind methods, Team holds some.
type (
	Member  struct{ state *int }
	Team    struct{ Members []Member }
	TeamRow struct{ Members []MemberRow }

	MemberRow struct{ Name string }
)

func NewMember(name string) Member    { return Member{} }
func (m Member) Name() string         { return "" }
func (m Member) Rank() int            { return 0 }
func OtherMember(name string) *Member { return nil }
func NoMaker(name string) string      { return name }

type Custom struct{ X int }

func CustomToText(ctx context.Context, c Custom) (string, error) { return "", nil }

// Rules has a pair of fields for each rule: what the interface has and what the store has.
var Rules struct {
	User         [2]any
	Made         func(string) Mail
	MadeBack     func(Mail) sql.NullString
	CustomText   func(Custom) string
	SameString   func(string) string
	NullString   func(sql.NullString) *string
	PgText       func(*string) pgtype.Text
	Numeric      func(pgtype.Numeric) *inf.Dec
	Time         func(time.Time) time.Time
	TimePointer  func(*time.Time) *time.Time
	UUID         func(uuid.UUID) gocql.UUID
	UUIDText     func(uuid.UUID) string
	UUIDBytes    func([]byte) uuid.UUID
	BigText      func(*big.Int) string
	Pointer      func(*string) *string
	PointerValue func(*string) string
	Enum         func(string) Status
	EnumEnum     func(State) Status
	EnumOut      func(Status) string
	Flag         func(bool) int8
	FlagBack     func(uint64) bool
	Named        func(string) Email
	Widen        func(int32) int64
	Narrow       func(int64) int32
	Address      func(netip.Addr) net.IP
	AddressText  func(net.IP) string
	Bytes        func(string) []byte
	Raw          func(json.RawMessage) []byte
	Set          func(map[string]struct{}) []string
	Slice        func([]int32) []int64
	NamedSlice   func([]string) Names
	Map          func(map[string]int32) map[string]int64
	Struct       func(Line) Line2
	Interface    func(*big.Int) interface{ String() string }
	Float        func(float64) float32
}

// Line2 has a Line's fields.
type Line2 struct {
	Price float64 `db:"price"`
	Note  string
}

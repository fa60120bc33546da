// Package cqlstore keeps values in Cassandra, by gocql.
package cqlstore

import (
	"context"
	"math/big"
	"net"
	"time"

	"github.com/gocql/gocql"
	"gopkg.in/inf.v0"

	"github.com/dualgen/dualgen/test/convert/internal/table"
)

// ErrNoRow is returned where a value is not there.
var ErrNoRow = table.ErrNoRow

// Store is a table of Cassandra.
type Store struct{ *table.CQL[Row] }

// Open makes the table.
func Open(ctx context.Context, hosts, keyspace string) (*Store, error) {
	t, err := table.OpenCQL[Row](ctx, hosts, keyspace, `CREATE TYPE address (street text, zip int, lines frozen<list<text>>)`)
	return &Store{t}, err
}

// Address is the type address.
type Address struct {
	Street string   `cql:"street"`
	Zip    int32    `cql:"zip"`
	Lines  []string `cql:"lines"`
}

// Level is a grade by its name.
type Level string

// The levels.
const (
	LevelLow  Level = "low"
	LevelHigh Level = "high"
)

// Row is a row of the table.
type Row struct {
	ID string `column:"text"`

	Yes    bool     `column:"boolean"`
	Maybe  *bool    `column:"boolean"`
	Tiny   int8     `column:"tinyint"`
	Small  int16    `column:"smallint"`
	Number int64    `column:"bigint"`
	Big    int64    `column:"bigint"`
	Count  int64    `column:"counter"`
	U32    int64    `column:"bigint"`
	U64    int64    `column:"bigint"`
	Some   *int64   `column:"bigint"`
	Some4  *int32   `column:"int"`
	Huge   *big.Int `column:"varint"`
	Whole  *big.Int `column:"varint"`
	F32    float32  `column:"float"`
	F64    float64  `column:"double"`
	Ratio  *float64 `column:"double"`

	Price  *inf.Dec `column:"decimal"`
	Amount *inf.Dec `column:"decimal"`

	Name  string  `column:"text"`
	Code  string  `column:"ascii"`
	Fixed string  `column:"text"`
	Nick  *string `column:"text"`
	Mail  *string `column:"text"`
	Blank *string `column:"text"`
	Body  []byte  `column:"blob"`

	Key     gocql.UUID  `column:"uuid"`
	Parent  *gocql.UUID `column:"uuid"`
	Token   gocql.UUID  `column:"uuid"`
	TimeKey gocql.UUID  `column:"timeuuid"`

	Created time.Time     `column:"timestamp"`
	Local   time.Time     `column:"timestamp"`
	Wall    *time.Time    `column:"timestamp"`
	Day     time.Time     `column:"date"`
	Date    *time.Time    `column:"date"`
	Seen    *time.Time    `column:"timestamp"`
	Unix    time.Time     `column:"timestamp"`
	Micros  int64         `column:"bigint"`
	Second  time.Time     `column:"timestamp"`
	Stamp   time.Time     `column:"timestamp"`
	Took    int64         `column:"bigint"`
	Elapsed time.Duration `column:"bigint"`
	Coarse  time.Time     `column:"timestamp"`
	Wait    time.Duration `column:"bigint"`
	Clock   time.Duration `column:"time"`

	Attrs  string           `column:"text"`
	Loose  []byte           `column:"blob"`
	Raw    []byte           `column:"blob"`
	Text   string           `column:"text"`
	Home   Address          `column:"frozen<address>"`
	Scores map[string]int64 `column:"map<text, bigint>"`

	Tags    []string     `column:"list<text>"`
	Labels  []string     `column:"set<text>"`
	Numbers []int64      `column:"list<bigint>"`
	Triple  []int32      `column:"frozen<list<int>>"`
	IDs     []gocql.UUID `column:"list<uuid>"`
	Times   []time.Time  `column:"list<timestamp>"`
	Grid    [][]string   `column:"list<frozen<list<text>>>"`

	Host  net.IP `column:"inet"`
	Color string `column:"text"`
	Level Level  `column:"text"`
}

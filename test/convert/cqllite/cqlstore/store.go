// Package cqlstore keeps values in Cassandra, by gocql.
package cqlstore

import (
	"context"
	"math/big"
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
	t, err := table.OpenCQL[Row](ctx, hosts, keyspace, `CREATE TYPE line (item text, count int, price decimal)`)
	return &Store{t}, err
}

// Line is the type line.
type Line struct {
	Item  string   `cql:"item"`
	Count int      `cql:"count"`
	Price *inf.Dec `cql:"price"`
}

// Row is a row of the table.
type Row struct {
	ID string `column:"text"`

	Yes    bool     `column:"boolean"`
	I8     int8     `column:"tinyint"`
	I32    int      `column:"int"`
	I64    int64    `column:"bigint"`
	U32    int64    `column:"bigint"`
	Total  int64    `column:"counter"`
	Some   *int     `column:"int"`
	Var    *big.Int `column:"varint"`
	Small  int64    `column:"varint"`
	F64    float64  `column:"double"`
	Price  *inf.Dec `column:"decimal"`
	Amount *inf.Dec `column:"decimal"`

	Name string     `column:"text"`
	Code string     `column:"varchar"`
	Nick *string    `column:"text"`
	Body []byte     `column:"blob"`
	Key  gocql.UUID `column:"uuid"`
	When gocql.UUID `column:"timeuuid"`
	Text string     `column:"uuid"`

	Created time.Time      `column:"timestamp"`
	Millis  int64          `column:"timestamp"`
	Day     string         `column:"date"`
	Date    time.Time      `column:"date"`
	Clock   time.Duration  `column:"time"`
	Span    gocql.Duration `column:"duration"`
	Took    int64          `column:"bigint"`

	Tags   []string             `column:"list<text>"`
	Labels []string             `column:"set<text>"`
	IDs    []gocql.UUID         `column:"set<uuid>"`
	Props  map[string]string    `column:"map<text, text>"`
	Counts map[int32]int64      `column:"map<int, bigint>"`
	Times  map[string]time.Time `column:"map<text, timestamp>"`
	Line   Line                 `column:"frozen<line>"`
	Lines  []Line               `column:"list<frozen<line>>"`
	Attrs  []byte               `column:"blob"`
	Host   string               `column:"inet"`
	Level  int16                `column:"smallint"`
}

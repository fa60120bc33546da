// Package pgstore keeps values in Postgres, by pgx.
package pgstore

import (
	"context"
	"encoding/json"
	"net/netip"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/dualgen/dualgen/test/convert/internal/table"
)

// ErrNoRow is returned where a value is not there.
var ErrNoRow = table.ErrNoRow

// Store is a table of Postgres.
type Store struct{ *table.PGX[Row] }

// Open makes the table.
func Open(ctx context.Context, dsn string) (*Store, error) {
	t, err := table.OpenPGX[Row](ctx, dsn, `CREATE TYPE color AS ENUM ('red', 'green', 'blue')`)
	return &Store{t}, err
}

// Shade is the enum color.
type Shade string

// The shades.
const (
	ShadeRed   Shade = "red"
	ShadeGreen Shade = "green"
	ShadeBlue  Shade = "blue"
)

// Row is a row of the table.
type Row struct {
	ID string `column:"text"`

	Yes    bool           `column:"boolean"`
	Maybe  *bool          `column:"boolean"`
	Tiny   int16          `column:"smallint"`
	Small  int16          `column:"smallint"`
	Number int32          `column:"integer"`
	Big    int64          `column:"bigint"`
	Count  int64          `column:"bigint"`
	U32    int64          `column:"bigint"`
	U64    int64          `column:"bigint"`
	Some   pgtype.Int8    `column:"bigint"`
	Some4  *int32         `column:"integer"`
	Huge   pgtype.Numeric `column:"numeric"`
	Whole  string         `column:"numeric(40,0)"`
	F32    float32        `column:"real"`
	F64    float64        `column:"double precision"`
	Ratio  pgtype.Float8  `column:"double precision"`

	Price  pgtype.Numeric `column:"numeric"`
	Amount pgtype.Numeric `column:"numeric(12,2)"`

	Name  string      `column:"text"`
	Code  string      `column:"varchar(40)"`
	Fixed string      `column:"character(10)"`
	Nick  pgtype.Text `column:"text"`
	Mail  *string     `column:"text"`
	Blank pgtype.Text `column:"text"`
	Body  []byte      `column:"bytea"`

	Key     pgtype.UUID `column:"uuid"`
	Parent  pgtype.UUID `column:"uuid"`
	Token   string      `column:"uuid"`
	TimeKey uuid.UUID   `column:"uuid"`

	Created time.Time          `column:"timestamptz"`
	Local   time.Time          `column:"timestamp"`
	Wall    pgtype.Timestamp   `column:"timestamp"`
	Day     time.Time          `column:"date"`
	Date    pgtype.Date        `column:"date"`
	Seen    pgtype.Timestamptz `column:"timestamptz"`
	Unix    time.Time          `column:"timestamptz"`
	Micros  time.Time          `column:"timestamptz"`
	Second  int64              `column:"bigint"`
	Stamp   string             `column:"text"`
	Took    time.Duration      `column:"interval"`
	Elapsed time.Duration      `column:"interval"`
	Coarse  time.Time          `column:"timestamptz"`
	Wait    int64              `column:"bigint"`
	Clock   pgtype.Time        `column:"time"`

	Attrs  json.RawMessage  `column:"jsonb"`
	Loose  map[string]any   `column:"jsonb"`
	Raw    json.RawMessage  `column:"jsonb"`
	Text   json.RawMessage  `column:"json"`
	Home   []byte           `column:"jsonb"`
	Scores map[string]int64 `column:"jsonb"`

	Tags    []string    `column:"text[]"`
	Labels  []string    `column:"text[]"`
	Numbers []int32     `column:"integer[]"`
	Triple  []int32     `column:"integer[]"`
	IDs     []uuid.UUID `column:"uuid[]"`
	Times   []time.Time `column:"timestamptz[]"`
	Grid    [][]string  `column:"text[]"`

	Host  netip.Addr `column:"inet"`
	Color Shade      `column:"color"`
	Level int16      `column:"smallint"`
}

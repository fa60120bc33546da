// Package pgstore keeps values in Postgres, by pgx behind database/sql.
package pgstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/shopspring/decimal"

	"github.com/dualgen/dualgen/test/convert/internal/table"
)

// ErrNoRow is returned where a value is not there.
var ErrNoRow = table.ErrNoRow

// Store is a table of Postgres.
type Store struct{ *table.SQL[Row] }

// Open makes the table.
func Open(ctx context.Context, dsn string) (*Store, error) {
	t, err := table.Open[Row](ctx, "pgx", dsn)
	return &Store{t}, err
}

// TextArray is a text[], which database/sql does not know.
type TextArray []string

// Scan implements sql.Scanner.
func (a *TextArray) Scan(value any) error {
	return pgtype.NewMap().SQLScanner((*[]string)(a)).Scan(value)
}

// Row is a row of the table.
type Row struct {
	ID string `column:"text"`

	Flag   bool            `column:"boolean"`
	Bit    bool            `column:"boolean"`
	Number int16           `column:"smallint"`
	Maybe  *bool           `column:"boolean"`
	I8     int16           `column:"smallint"`
	I16    int32           `column:"integer"`
	I24    int32           `column:"integer"`
	I32    int64           `column:"bigint"`
	I64    int64           `column:"bigint"`
	U8     int16           `column:"smallint"`
	U16    int32           `column:"integer"`
	U32    int64           `column:"bigint"`
	U64    int64           `column:"bigint"`
	Some   *int64          `column:"bigint"`
	Some4  sql.Null[int32] `column:"integer"`
	Year   int32           `column:"integer"`

	F32   float32             `column:"real"`
	F64   float64             `column:"double precision"`
	Ratio *float64            `column:"double precision"`
	Price decimal.Decimal     `column:"numeric(20,4)"`
	Huge  pgtype.Numeric      `column:"numeric"`
	Cost  decimal.NullDecimal `column:"numeric"`

	Name  string  `column:"varchar"`
	Fixed string  `column:"text"`
	Long  string  `column:"text"`
	Latin string  `column:"text"`
	Nick  *string `column:"text"`
	Blank *string `column:"text"`
	Body  []byte  `column:"bytea"`
	Blob  []byte  `column:"bytea"`
	Pad   []byte  `column:"bytea"`

	Key    uuid.UUID `column:"uuid"`
	Parent string    `column:"uuid"`

	Created time.Time  `column:"timestamptz"`
	Second  time.Time  `column:"timestamptz(0)"`
	Stamp   time.Time  `column:"timestamptz"`
	Day     time.Time  `column:"date"`
	Seen    *time.Time `column:"timestamptz"`
	Zero    *time.Time `column:"timestamptz"`
	Clock   string     `column:"time"`
	Text    time.Time  `column:"timestamptz"`
	Millis  time.Time  `column:"timestamptz"`
	Took    int64      `column:"bigint"`
	Length  int64      `column:"bigint"`

	Attrs  json.RawMessage `column:"jsonb"`
	Tags   TextArray       `column:"text[]"`
	Labels json.RawMessage `column:"jsonb"`
	Host   string          `column:"text"`
	Color  string          `column:"text"`
	Level  int16           `column:"smallint"`
}

// Package litestore keeps values in SQLite, by modernc.
package litestore

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/dualgen/dualgen/test/convert/internal/table"
)

// ErrNoRow is returned where a value is not there.
var ErrNoRow = table.ErrNoRow

// Store is a table of SQLite.
type Store struct{ *table.SQL[Row] }

// Open makes the table.
func Open(ctx context.Context, dsn string) (*Store, error) {
	t, err := table.Open[Row](ctx, "sqlite", dsn)
	return &Store{t}, err
}

// Row is a row of the table.
type Row struct {
	ID string `column:"TEXT"`

	Yes    bool            `column:"INTEGER"`
	I8     int8            `column:"INTEGER"`
	I32    int64           `column:"INTEGER"`
	I64    int64           `column:"INTEGER"`
	U32    uint32          `column:"INTEGER"`
	Total  int64           `column:"INTEGER"`
	Some   sql.NullInt32   `column:"INTEGER"`
	Var    string          `column:"TEXT"`
	Small  int64           `column:"INTEGER"`
	F64    float64         `column:"DOUBLE"`
	Price  decimal.Decimal `column:"TEXT"`
	Amount string          `column:"TEXT"`

	Name string         `column:"TEXT"`
	Code string         `column:"VARCHAR(10)"`
	Nick sql.NullString `column:"TEXT"`
	Body string         `column:"TEXT"`
	Key  uuid.UUID      `column:"TEXT"`
	When []byte         `column:"BLOB"`
	Text []byte         `column:"BLOB"`

	Created time.Time `column:"TIMESTAMP"`
	Millis  time.Time `column:"DATETIME"`
	Day     string    `column:"TEXT"`
	Date    string    `column:"TEXT"`
	Clock   int64     `column:"INTEGER"`
	Span    string    `column:"TEXT"`
	Took    int64     `column:"INTEGER"`

	Tags   string `column:"TEXT"`
	Labels string `column:"TEXT"`
	IDs    string `column:"TEXT"`
	Props  []byte `column:"BLOB"`
	Counts string `column:"TEXT"`
	Times  string `column:"TEXT"`
	Line   string `column:"TEXT"`
	Lines  string `column:"TEXT"`
	Attrs  string `column:"TEXT"`
	Host   string `column:"TEXT"`
	Level  int64  `column:"INTEGER"`
}

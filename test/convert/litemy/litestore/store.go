// Package litestore keeps values in SQLite, by modernc.
package litestore

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

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

	Yes    bool          `column:"BOOLEAN"`
	Flag   int64         `column:"INTEGER"`
	Maybe  sql.NullBool  `column:"BOOLEAN"`
	I8     int64         `column:"INTEGER"`
	I16    int64         `column:"INTEGER"`
	I32    int64         `column:"INTEGER"`
	I64    int64         `column:"INTEGER"`
	U32    int64         `column:"INTEGER"`
	U64    int64         `column:"INTEGER"`
	Some   sql.NullInt64 `column:"INTEGER"`
	F32    float64       `column:"REAL"`
	F64    float64       `column:"REAL"`
	Any    float64       `column:"NUMERIC"`
	Price  string        `column:"TEXT"`
	Amount string        `column:"TEXT"`
	Huge   string        `column:"TEXT"`

	Name  string         `column:"TEXT"`
	Code  []byte         `column:"BLOB"`
	Nick  sql.NullString `column:"TEXT"`
	Body  []byte         `column:"BLOB"`
	Text  string         `column:"TEXT"`
	Key   []byte         `column:"BLOB"`
	Other string         `column:"TEXT"`

	Created time.Time    `column:"DATETIME"`
	Seen    sql.NullTime `column:"DATETIME"`
	Day     time.Time    `column:"DATE"`
	Millis  int64        `column:"INTEGER"`
	Nanos   int64        `column:"INTEGER"`
	Expires *int64       `column:"INTEGER"`
	Stamp   string       `column:"TEXT"`
	Took    int64        `column:"INTEGER"`

	Attrs string          `column:"TEXT"`
	Raw   json.RawMessage `column:"TEXT"`
	Tags  string          `column:"TEXT"`
	Home  []byte          `column:"BLOB"`
	Host  string          `column:"TEXT"`
	Color string          `column:"TEXT"`
	Level string          `column:"TEXT"`
}

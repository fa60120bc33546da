// Package mystore keeps values in MariaDB, by go-sql-driver.
package mystore

import (
	"context"
	"encoding/json"
	"time"

	_ "github.com/go-sql-driver/mysql" // the driver "mysql"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/dualgen/dualgen/test/convert/internal/table"
)

// ErrNoRow is returned where a value is not there.
var ErrNoRow = table.ErrNoRow

// Store is a table of MariaDB.
type Store struct{ *table.SQL[Row] }

// Open makes the table.
func Open(ctx context.Context, dsn string) (*Store, error) {
	t, err := table.Open[Row](ctx, "mysql", dsn)
	return &Store{t}, err
}

// Row is a row of the table.
type Row struct {
	ID string `column:"varchar(40) CHARACTER SET ascii"`

	Yes    bool            `column:"tinyint(1)"`
	Flag   int8            `column:"tinyint"`
	Maybe  *bool           `column:"tinyint(1)"`
	I8     int16           `column:"smallint"`
	I16    int16           `column:"smallint"`
	I32    int32           `column:"int"`
	I64    int64           `column:"bigint"`
	U32    uint64          `column:"bigint unsigned"`
	U64    uint64          `column:"bigint unsigned"`
	Some   *int64          `column:"bigint"`
	F32    float64         `column:"double"`
	F64    float64         `column:"double"`
	Any    float64         `column:"double"`
	Price  decimal.Decimal `column:"decimal(20,4)"`
	Amount []byte          `column:"decimal(40,10)"`
	Huge   string          `column:"varchar(255)"`

	Name  string    `column:"text"`
	Code  string    `column:"varchar(255) COLLATE utf8mb4_bin"`
	Nick  *string   `column:"text"`
	Body  []byte    `column:"blob"`
	Text  []byte    `column:"blob"`
	Key   uuid.UUID `column:"char(36)"`
	Other []byte    `column:"binary(16)"`

	Created time.Time  `column:"datetime(6)"`
	Seen    *time.Time `column:"datetime(3)"`
	Day     time.Time  `column:"date"`
	Millis  time.Time  `column:"datetime(6)"`
	Nanos   int64      `column:"bigint"`
	Expires *time.Time `column:"datetime(6)"`
	Stamp   string     `column:"varchar(60)"`
	Took    int64      `column:"bigint"`

	Attrs json.RawMessage `column:"json"`
	Raw   []byte          `column:"json"`
	Tags  string          `column:"json"`
	Home  string          `column:"json"`
	Host  []byte          `column:"varbinary(60)"`
	Color uint8           `column:"tinyint unsigned"`
	Level string          `column:"varchar(20)"`
}

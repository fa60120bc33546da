// Package mystore keeps values in MariaDB, by go-sql-driver.
package mystore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"

	_ "github.com/go-sql-driver/mysql" // the driver "mysql"

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

// Bit is a bool in a bit(1).
type Bit bool

// Value implements driver.Valuer.
func (b Bit) Value() (driver.Value, error) {
	if b {
		return []byte{1}, nil
	}
	return []byte{0}, nil
}

// Scan implements sql.Scanner.
func (b *Bit) Scan(value any) error {
	bits, ok := value.([]byte)
	if !ok || len(bits) != 1 {
		return fmt.Errorf("%v is no bit", value)
	}
	*b = bits[0] == 1
	return nil
}

// Row is a row of the table.
type Row struct {
	ID string `column:"varchar(40) CHARACTER SET ascii"`

	Flag   bool          `column:"tinyint(1)"`
	Bit    Bit           `column:"bit(1)"`
	Number int8          `column:"tinyint(1)"`
	Maybe  sql.NullBool  `column:"tinyint(1)"`
	I8     int8          `column:"tinyint"`
	I16    int16         `column:"smallint"`
	I24    int32         `column:"mediumint"`
	I32    int32         `column:"int"`
	I64    int64         `column:"bigint"`
	U8     uint8         `column:"tinyint unsigned"`
	U16    uint16        `column:"smallint unsigned"`
	U32    uint32        `column:"int unsigned"`
	U64    uint64        `column:"bigint unsigned"`
	Some   sql.NullInt64 `column:"bigint"`
	Some4  sql.NullInt32 `column:"int"`
	Year   int16         `column:"year"`

	F32   float32         `column:"float"`
	F64   float64         `column:"double"`
	Ratio sql.NullFloat64 `column:"double"`
	Price string          `column:"decimal(20,4)"`
	Huge  string          `column:"decimal(60,0)"`
	Cost  *string         `column:"decimal(12,2)"`

	Name  string         `column:"varchar(255)"`
	Fixed string         `column:"char(40)"`
	Long  string         `column:"longtext"`
	Latin string         `column:"varchar(60) CHARACTER SET latin1"`
	Nick  sql.NullString `column:"varchar(255)"`
	Blank sql.NullString `column:"varchar(255)"`
	Body  []byte         `column:"varbinary(255)"`
	Blob  []byte         `column:"mediumblob"`
	Pad   []byte         `column:"binary(8)"`

	Key    []byte `column:"binary(16)"`
	Parent string `column:"char(36)"`

	Created time.Time    `column:"datetime(6)"`
	Second  time.Time    `column:"datetime"`
	Stamp   time.Time    `column:"timestamp(3) NULL"`
	Day     time.Time    `column:"date"`
	Seen    sql.NullTime `column:"datetime(6)"`
	Zero    *time.Time   `column:"datetime"`
	Clock   string       `column:"time(6)"`
	Text    string       `column:"varchar(40)"`
	Millis  int64        `column:"bigint"`
	Took    int64        `column:"bigint"`
	Length  int32        `column:"int unsigned"`

	Attrs  json.RawMessage `column:"json"`
	Tags   string          `column:"json"`
	Labels []byte          `column:"json"`
	Host   string          `column:"varchar(60)"`
	Color  string          `column:"enum('red', 'green', 'blue')"`
	Level  uint8           `column:"tinyint unsigned"`
}

//go:build ignore

// The pairs of types that two stores have for one field, each with what a round trip must keep.
package main

import (
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
	Email   string
	Section string
	Level   int
	Tags    []string
	Node    struct {
		Name     string
		Children []*Node
	}
	NodeRow struct {
		Name     string `db:"name"`
		Children []*NodeRow
	}
	Base    struct{ ID uuid.UUID }
	Address struct{ Street, City string }
	Place   struct {
		Street string `json:"street"`
		City   string `json:"city"`
	}
)

const (
	Main    Section = "main"
	Contrib Section = "contrib"
)

const (
	LevelLow Level = iota + 1
	LevelHigh
)

// StoreLevel numbers the levels otherwise.
type StoreLevel int16

const (
	StoreLevelHigh StoreLevel = iota
	StoreLevelLow
)

// Ours is the interface's struct.
type Ours struct {
	Google   uuid.UUID
	Raw      [16]byte
	IDText   uuid.UUID
	IDBytes  gocql.UUID
	PgID     uuid.UUID
	PgIDPtr  *uuid.UUID
	NullID   *uuid.UUID
	Nick     *string
	Age      *int64
	Score    *float64
	Active   *bool
	Seen     *time.Time
	Byte     *byte
	Generic  *Email
	PgText   *string
	PgInt    *int32
	PgBool   *bool
	PgFloat  *float64
	PgSeen   *time.Time
	PgValue  string
	Zeroed   string
	Gone     time.Time
	Small    int8
	Wide     int32
	Unsigned uint64
	Float    float64
	Whole    int64
	At       time.Time
	Epoch    time.Time
	Stamp    time.Time
	Took     time.Duration
	Big      *big.Int
	Price    *inf.Dec
	PgPrice  *inf.Dec
	Blob     json.RawMessage
	Place    Address
	Raws     []byte
	Names    []string
	Emails   []Email
	Hash     [4]byte
	Set      map[string]struct{}
	List     []string
	Counts   map[string]int
	Section  Section
	Level    Level
	IP       netip.Addr
	NetIP    net.IP
	Root     *Node
	Same     Address
	Base
	Tagged Tags
	Opt    *Address
}

// Row is a store's struct.
type Row struct {
	Google      gocql.UUID
	Raw         uuid.UUID
	IDText      string `db:"id_text"`
	IDBytes     []byte
	PgID        pgtype.UUID
	PgIDPtr     pgtype.UUID
	NullID      uuid.NullUUID
	Nick        sql.NullString
	Age         sql.NullInt64
	Score       sql.NullFloat64
	Active      sql.NullBool
	Seen        sql.NullTime
	Byte        sql.NullByte
	Generic     sql.Null[string]
	PgText      pgtype.Text
	PgInt       pgtype.Int4
	PgBool      pgtype.Bool
	PgFloat     pgtype.Float8
	PgSeen      pgtype.Timestamptz
	PgValue     pgtype.Text
	Zeroed      sql.NullString
	Gone        sql.NullTime
	Small       int64
	Wide        int64
	Unsigned    int64
	Float       float32
	Whole       float64
	At          time.Time
	Epoch       int64
	Stamp       string
	Took        int32
	Big         string
	Price       string
	PgPrice     pgtype.Numeric
	Blob        string
	Place       []byte
	Raws        string
	Names       Tags
	Emails      []string
	Hash        []byte
	Set         []string
	List        map[Email]struct{}
	Counts      map[string]int64
	SectionName string `cql:"section"`
	Level       StoreLevel
	IP          string
	NetIP       netip.Addr
	Root        *NodeRow
	Same        Address
	ID          string
	Tagged      []string
	Opt         *Place
}

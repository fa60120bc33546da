//go:build ignore

package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"net"
	"net/netip"
	"os"
	"time"

	"github.com/gocql/gocql"
	"github.com/google/uuid"
	"gopkg.in/inf.v0"

	"github.com/dualgen/dualgen/runtime/convert"
)

var failed bool

func check(ok bool, format string, args ...any) {
	if !ok {
		failed = true
		fmt.Printf(format+"\n", args...)
	}
}

func full() Ours {
	id := uuid.MustParse("0190b2a4-6d5f-7c3e-8f00-0123456789ab")
	ns := time.Date(2024, 2, 29, 23, 59, 59, 123456789, time.FixedZone("x", 3600))
	return Ours{
		Google: id, Raw: id, IDText: id, IDBytes: gocql.UUID(id), PgID: id, PgIDPtr: &id, NullID: &id,
		Nick: new("n"), Age: new(int64(7)), Score: new(1.5), Active: new(true), Seen: &ns, Byte: new(byte(3)),
		Generic: new(Email("a@b")), PgText: new("t"), PgInt: new(int32(-1)), PgBool: new(false), PgFloat: new(2.5), PgSeen: &ns,
		PgValue: "v", Zeroed: "z", Gone: ns, Small: -128, Wide: math.MinInt32, Unsigned: math.MaxInt64, Float: 0.25, Whole: 1 << 52,
		At: ns, Epoch: ns, Stamp: ns, Took: 90 * time.Second,
		Big: new(big.Int).Lsh(big.NewInt(1), 100), Price: inf.NewDec(12345, 2), PgPrice: inf.NewDec(-1, 3),
		Blob: []byte(`{"a":1}`), Place: Address{"s", "c"}, Raws: []byte("raw"), Names: []string{"x", "y"}, Emails: []Email{"e"},
		Hash: [4]byte{1, 2, 3, 4}, Set: map[string]struct{}{"b": {}, "a": {}}, List: []string{"q", "p", "q"},
		Counts: map[string]int{"one": 1}, Section: Contrib, Level: LevelHigh,
		IP: netip.MustParseAddr("::1"), NetIP: net.ParseIP("10.0.0.1"),
		Root: &Node{"root", []*Node{{Name: "child"}, nil}}, Same: Address{"a", "b"}, Base: Base{ID: id}, Tagged: Tags{"t"},
		Opt: &Address{"o", "p"},
	}
}

func main() {
	all := full()
	row, err := oursToOld(all)
	check(err == nil, "to store: %v", err)
	check(row.Level == StoreLevelHigh, "enum by name: %v", row.Level)
	check(row.At == all.At, "a time goes in as it is: %v", row.At)
	check(fmt.Sprint(row.Set) == "[a b]", "set in order: %v", row.Set)
	back, err := oursFromOld(context.Background(), row)
	check(err == nil, "from store: %v", err)
	for _, d := range diffOurs(all, back) {
		check(false, "round trip: %s: %v became %v", d.Path, d.Old, d.New)
	}
	check(back.Root.Children[1] == nil, "nil child")

	// No memory is shared.
	row.Names[0], row.Tagged[0], row.Counts["one"], row.Root.Name = "changed", "changed", 9, "changed"
	check(all.Names[0] == "x" && all.Tagged[0] == "t" && all.Counts["one"] == 1 && all.Root.Name == "root", "shared with the store")
	clone := cloneOurs(all)
	clone.Root.Children[0].Name, clone.Price = "changed", clone.Price.SetUnscaled(1)
	*clone.Nick, clone.Blob[0], clone.Set["z"] = "changed", '!', struct{}{}
	check(len(diffOurs(all, full())) == 0, "the clone shares memory: %v", diffOurs(all, full()))
	check(len(diffOurs(all, clone)) == 5, "differences: %v", diffOurs(all, clone))

	// Missing values.
	var none Ours
	none.Section, none.Level, none.Price, none.PgPrice, none.Big = Main, LevelLow, new(inf.Dec), new(inf.Dec), new(big.Int)
	none.NetIP, none.Gone = net.ParseIP("::"), time.Time{}.UTC()
	row, err = oursToOld(none)
	check(err == nil, "to store, empty: %v", err)
	check(!row.Nick.Valid && !row.PgSeen.Valid && !row.Zeroed.Valid && !row.Gone.Valid && row.PgValue.Valid && row.Root == nil && row.Names == nil, "missing: %+v", row)
	back, err = oursFromOld(context.Background(), row)
	check(err == nil, "from store, empty: %v", err)
	for _, d := range diffOurs(none, back) {
		check(false, "empty round trip: %s: %v became %v", d.Path, d.Old, d.New)
	}

	refusals()
	if failed {
		os.Exit(1)
	}
}

// refusals: what has no counterpart is an error that names the field.
func refusals() {
	good, _ := oursToOld(full())
	for _, c := range []struct {
		path  string
		is    error
		spoil func(*Row)
	}{
		{"Small", convert.ErrRange, func(r *Row) { r.Small = 128 }},
		{"Wide", convert.ErrRange, func(r *Row) { r.Wide = math.MaxInt64 }},
		{"Unsigned", convert.ErrRange, func(r *Row) { r.Unsigned = -1 }},
		{"Whole", convert.ErrRange, func(r *Row) { r.Whole = 0.5 }},
		{"IDText", convert.ErrSyntax, func(r *Row) { r.IDText = "nonsense" }},
		{"IDBytes", convert.ErrSyntax, func(r *Row) { r.IDBytes = r.IDBytes[:3] }},
		{"PgID", convert.ErrNull, func(r *Row) { r.PgID.Valid = false }},
		{"PgValue", convert.ErrNull, func(r *Row) { r.PgValue.Valid = false }},
		{"PgSeen", convert.ErrInfinite, func(r *Row) { r.PgSeen.InfinityModifier = 1 }},
		{"Stamp", convert.ErrSyntax, func(r *Row) { r.Stamp = "yesterday" }},
		{"Hash", convert.ErrRange, func(r *Row) { r.Hash = r.Hash[:3] }},
		{"Level", convert.ErrUnknown, func(r *Row) { r.Level = 9 }},
	} {
		row := good
		c.spoil(&row)
		_, err := oursFromOld(context.Background(), row)
		var at *convert.PathError
		check(errors.As(err, &at) && at.Path == c.path && errors.Is(err, c.is), "%s: got %v", c.path, err)
	}
	legacy := good
	legacy.SectionName = "non-free"
	read, err := oursFromOld(context.Background(), legacy)
	check(err == nil && read.Section == "non-free", "a value that is no constant passes: %v %v", read.Section, err)
	all := full()
	all.Float = 0.1
	_, err = oursToOld(all)
	check(errors.Is(err, convert.ErrRange), "0.1 in 32 bits: %v", err)
	all = full()
	all.Price = nil
	_, err = oursToOld(all)
	check(errors.Is(err, convert.ErrNull), "nil decimal: %v", err)
	key := oursKey(all.Google, "a/b%c", -5, all.At)
	id, name, n, at, err := parseOursKey(key)
	check(err == nil && id == all.Google && name == "a/b%c" && n == -5 && at.Equal(all.At), "key %v: %v", key, err)
}

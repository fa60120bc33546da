package speed

import (
	"database/sql"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgtype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/test/convert/speed/newstore"
	"github.com/dualgen/dualgen/test/convert/speed/oldstore"
)

// row has something of everything.
func row() oldstore.Row {
	at := time.Date(2024, 5, 17, 12, 34, 56, 789000, time.UTC)
	return oldstore.Row{
		ID: "order-1", Key: [16]byte{1, 2, 3}, Parent: pgtype.UUID{Bytes: [16]byte{4}, Valid: true}, Token: "f47ac10b-58cc-4372-a567-0e02b2c3d479",
		Name: "a name", Nick: sql.NullString{String: "nick", Valid: true}, Mail: pgtype.Text{String: "a@b.c", Valid: true}, Age: 42, Visits: 12345,
		Small: 7, Score: sql.NullInt64{Int64: 99, Valid: true}, Ratio: 1.5, Yes: true, Flag: 1, Created: at, Seen: pgtype.Timestamptz{Time: at, Valid: true},
		Expires: at.UnixMilli(), Took: 1500, State: "paid", Level: 2, Body: []byte("body"), Tags: []string{"a", "b", "c"}, Labels: []string{"x", "y", "z"},
		Numbers: []int32{1, 2, 3, 4}, Related: [][16]byte{{1}, {2}}, Props: map[string]string{"a": "1", "b": "2"}, Counts: map[string]int32{"a": 1, "b": 2},
		Lines:   []oldstore.Line{{Item: "one", Count: 1, Cents: 100}, {Item: "two", Count: 2, Cents: 200}, {Item: "three", Count: 3, Cents: 300}},
		Billing: oldstore.Line{Item: "bill", Count: 1, Cents: 1}, Shipping: &oldstore.Line{Item: "ship", Count: 1, Cents: 2},
	}
}

// TestSame: the generated conversions and those by hand make the same of a row, and allocate as often.
func TestSame(t *testing.T) {
	byHand, err := handFromOld(row())
	require.NoError(t, err)
	generated, err := orderFromOld(row())
	require.NoError(t, err)
	assert.Equal(t, byHand, generated)
	newByHand, err := handToNew(byHand)
	require.NoError(t, err)
	newGenerated, err := orderToNew(generated)
	require.NoError(t, err)
	assert.Equal(t, newByHand, newGenerated)
	r := row()
	assert.LessOrEqual(t, testing.AllocsPerRun(100, func() { order, _ = orderFromOld(r) }), testing.AllocsPerRun(100, func() { order, _ = handFromOld(r) }))
	assert.LessOrEqual(t, testing.AllocsPerRun(100, func() { newRow, _ = orderToNew(byHand) }), testing.AllocsPerRun(100, func() { newRow, _ = handToNew(byHand) }))
}

// What is converted is kept here, so that the compiler leaves it in.
var (
	order  Order
	newRow newstore.Row
)

// BenchmarkFromOld times both over the same row, in turns, and shows how many times as long the generated one takes.
func BenchmarkFromOld(b *testing.B) {
	r := row()
	inTurns(b, func() { order, _ = orderFromOld(r) }, func() { order, _ = handFromOld(r) })
}

// BenchmarkToNew does the same for the way into the new store.
func BenchmarkToNew(b *testing.B) {
	o, err := handFromOld(row())
	require.NoError(b, err)
	inTurns(b, func() { newRow, _ = orderToNew(o) }, func() { newRow, _ = handToNew(o) })
}

// inTurns runs both functions in short turns, so that what else the machine does falls on both, and compares the quickest turns.
func inTurns(b *testing.B, generated, byHand func()) {
	const calls = 200
	best := [2]time.Duration{1 << 62, 1 << 62}
	for i := 0; b.Loop(); i++ {
		for n := range 2 {
			which := (i + n) % 2
			do := [2]func(){generated, byHand}[which]
			began := time.Now()
			for range calls {
				do()
			}
			best[which] = min(best[which], time.Since(began))
		}
	}
	b.ReportMetric(float64(best[0])/float64(best[1]), "x-by-hand")
	b.ReportMetric(float64(best[0])/calls, "ns/generated")
	b.ReportMetric(float64(best[1])/calls, "ns/by-hand")
}

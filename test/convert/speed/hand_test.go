package speed

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/gocql/gocql"
	"github.com/google/uuid"

	"github.com/dualgen/dualgen/test/convert/speed/newstore"
	"github.com/dualgen/dualgen/test/convert/speed/oldstore"
)

// handFromOld is what a careful person writes: a pointer into the row would keep all of it in memory.
func handFromOld(r oldstore.Row) (Order, error) {
	token, err := uuid.Parse(r.Token)
	if err != nil {
		return Order{}, fmt.Errorf("token: %w", err)
	}
	if r.Small < math.MinInt8 || r.Small > math.MaxInt8 {
		return Order{}, fmt.Errorf("small: %d is out of range", r.Small)
	}
	if r.Flag != 0 && r.Flag != 1 {
		return Order{}, fmt.Errorf("flag: %d is out of range", r.Flag)
	}
	if r.Took > math.MaxInt64/1000 || r.Took < math.MinInt64/1000 {
		return Order{}, fmt.Errorf("took: %d is out of range", r.Took)
	}
	state := State(r.State)
	if state != Open && state != Paid && state != Closed {
		return Order{}, fmt.Errorf("state: %q is unknown", r.State)
	}
	level := Level(r.Level)
	if level < Low || level > High {
		return Order{}, fmt.Errorf("level: %d is unknown", r.Level)
	}
	o := Order{
		ID: r.ID, Key: r.Key, Token: token, Name: r.Name, Age: int(r.Age), Visits: r.Visits, Small: int8(r.Small), Ratio: r.Ratio, Yes: r.Yes,
		Flag: r.Flag == 1, Created: r.Created, Expires: time.UnixMilli(r.Expires).UTC(), Took: time.Duration(r.Took) * time.Microsecond,
		State: state, Level: level, Body: slices.Clone(r.Body), Tags: slices.Clone(r.Tags), Props: maps.Clone(r.Props), Billing: Line(r.Billing),
	}
	if r.Parent.Valid {
		parent := uuid.UUID(r.Parent.Bytes)
		o.Parent = &parent
	}
	if r.Nick.Valid {
		nick := r.Nick.String
		o.Nick = &nick
	}
	if r.Mail.Valid {
		mail := r.Mail.String
		o.Mail = &mail
	}
	if r.Score.Valid {
		score := r.Score.Int64
		o.Score = &score
	}
	if r.Seen.Valid {
		if r.Seen.InfinityModifier != 0 {
			return Order{}, fmt.Errorf("seen: is infinite")
		}
		seen := r.Seen.Time
		o.Seen = &seen
	}
	if r.Labels != nil {
		o.Labels = make(map[string]struct{}, len(r.Labels))
		for _, label := range r.Labels {
			o.Labels[label] = struct{}{}
		}
	}
	if r.Numbers != nil {
		o.Numbers = make([]int64, len(r.Numbers))
		for i, n := range r.Numbers {
			o.Numbers[i] = int64(n)
		}
	}
	if r.Related != nil {
		o.Related = make([]uuid.UUID, len(r.Related))
		for i, id := range r.Related {
			o.Related[i] = id
		}
	}
	if r.Counts != nil {
		o.Counts = make(map[string]int64, len(r.Counts))
		for name, n := range r.Counts {
			o.Counts[name] = int64(n)
		}
	}
	if r.Lines != nil {
		o.Lines = make([]Line, len(r.Lines))
		for i, line := range r.Lines {
			o.Lines[i] = Line(line)
		}
	}
	if r.Shipping != nil {
		line := Line(*r.Shipping)
		o.Shipping = &line
	}
	return o, nil
}

// handToNew is the other half of the way from the old store to the new one.
func handToNew(o Order) (newstore.Row, error) {
	if o.Visits < math.MinInt32 || o.Visits > math.MaxInt32 {
		return newstore.Row{}, fmt.Errorf("visits: %d is out of range", o.Visits)
	}
	if o.State != Open && o.State != Paid && o.State != Closed {
		return newstore.Row{}, fmt.Errorf("state: %q is unknown", o.State)
	}
	if o.Level < Low || o.Level > High {
		return newstore.Row{}, fmt.Errorf("level: %d is unknown", o.Level)
	}
	r := newstore.Row{
		ID: o.ID, Key: gocql.UUID(o.Key), Token: gocql.UUID(o.Token), Name: o.Name, Age: int64(o.Age), Visits: int32(o.Visits), Small: o.Small,
		Ratio: o.Ratio, Yes: o.Yes, Flag: o.Flag, Created: o.Created, Expires: o.Expires, Took: o.Took, State: string(o.State), Level: int8(o.Level),
		Body: slices.Clone(o.Body), Tags: slices.Clone(o.Tags), Labels: maps.Clone(o.Labels), Numbers: slices.Clone(o.Numbers),
		Props: maps.Clone(o.Props), Counts: maps.Clone(o.Counts), Billing: handLine(o.Billing),
	}
	if o.Parent != nil {
		parent := gocql.UUID(*o.Parent)
		r.Parent = &parent
	}
	if o.Nick != nil {
		nick := *o.Nick
		r.Nick = &nick
	}
	if o.Mail != nil {
		mail := *o.Mail
		r.Mail = &mail
	}
	if o.Score != nil {
		score := *o.Score
		r.Score = &score
	}
	if o.Seen != nil {
		seen := *o.Seen
		r.Seen = &seen
	}
	if o.Related != nil {
		r.Related = make([]gocql.UUID, len(o.Related))
		for i, id := range o.Related {
			r.Related[i] = gocql.UUID(id)
		}
	}
	if o.Lines != nil {
		r.Lines = make([]newstore.Line, len(o.Lines))
		for i, line := range o.Lines {
			r.Lines[i] = handLine(line)
		}
	}
	if o.Shipping != nil {
		line := handLine(*o.Shipping)
		r.Shipping = &line
	}
	return r, nil
}

func handLine(l Line) newstore.Line {
	return newstore.Line{Item: l.Item, Count: int(l.Count), Cents: l.Cents}
}

package convert

import (
	"fmt"
	"time"
)

// UTC is t in UTC: what a column without a zone needs to keep the instant. The zero time stays the zero time.
func UTC(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC()
}

// Epoch is the number of units (time.Nanosecond to time.Second) since 1970 at t. What is finer than the unit is lost; a
// time that int64 cannot hold is an error.
func Epoch(t time.Time, unit time.Duration) (int64, error) {
	perSecond := int64(time.Second / unit)
	n := t.Unix()*perSecond + int64(t.Nanosecond())/int64(unit)
	if rest := t.Sub(FromEpoch(n, unit)); rest < 0 || rest >= unit {
		return 0, outOfRange[int64](t)
	}
	return n, nil
}

// TryFromEpoch is FromEpoch for units above a nanosecond. A time that is further away than 2^62 microseconds, 146,000 years, is an
// error: drivers count beyond it, and come back with another time.
func TryFromEpoch(n int64, unit time.Duration) (time.Time, error) {
	const far = 1 << 62 // microseconds
	switch {
	case n > -far/1_000_000 && n < far/1_000_000: // seconds fit, and so does all else
	case n > far/int64(unit/time.Microsecond), n < -far/int64(unit/time.Microsecond):
		return time.Time{}, outOfRange[time.Time](n)
	}
	return FromEpoch(n, unit), nil
}

// FromEpoch is the time n units after 1970, in UTC.
func FromEpoch(n int64, unit time.Duration) time.Time {
	switch unit { // divisions by constants are much quicker
	case time.Second:
		return time.Unix(n, 0).UTC()
	case time.Millisecond:
		return time.UnixMilli(n).UTC()
	case time.Microsecond:
		return time.UnixMicro(n).UTC()
	}
	perSecond := int64(time.Second / unit)
	return time.Unix(n/perSecond, n%perSecond*int64(unit)).UTC()
}

// FormatTime writes t as RFC 3339 in UTC with all its digits. Years before 0 and after 9999 are an error.
func FormatTime(t time.Time) (string, error) {
	utc := t.UTC()
	if year := utc.Year(); year < 0 || year > 9999 {
		return "", fmt.Errorf("year %d in RFC 3339: %w", year, ErrRange)
	}
	return utc.Format(time.RFC3339Nano), nil
}

// ParseTime reads an RFC 3339 time, as UTC.
func ParseTime(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("%.60q as RFC 3339 time: %w", s, ErrSyntax)
	}
	return t.UTC(), nil
}

// Units is a duration in whole units. A remainder is an error.
func Units(d, unit time.Duration) (int64, error) {
	if d%unit != 0 {
		return 0, fmt.Errorf("%v in units of %v: %w", d, unit, ErrRange)
	}
	return int64(d / unit), nil
}

// FromUnits is the duration of n units. One that time.Duration cannot hold is an error.
func FromUnits(n int64, unit time.Duration) (time.Duration, error) {
	d := time.Duration(n) * unit
	if d/unit != time.Duration(n) {
		return 0, outOfRange[time.Duration](n)
	}
	return d, nil
}

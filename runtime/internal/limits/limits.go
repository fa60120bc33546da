// Package limits refuses numbers that mean nothing: negative durations and counts, shares outside 0 to 1, rates that are no numbers.
package limits

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"time"
	"unicode/utf8"
)

// Share refuses what is no share from 0 to 1.
func Share(name string, share float64) error {
	if !(share >= 0 && share <= 1) {
		return fmt.Errorf("%s is a share from 0 to 1, not %v", name, share)
	}
	return nil
}

// Rate refuses what is no number. A negative one means no limit.
func Rate(name string, rate float64) error {
	if math.IsNaN(rate) || math.IsInf(rate, 0) {
		return fmt.Errorf("%s is a number a second, not %v", name, rate)
	}
	return nil
}

// Number refuses a negative duration or count, and a float that is no number.
func Number(name string, value any) error {
	switch v := value.(type) {
	case time.Duration:
		if v < 0 {
			return fmt.Errorf("%s is not negative, and %v is", name, v)
		}
	case int:
		if v < 0 {
			return fmt.Errorf("%s is not negative, and %d is", name, v)
		}
	case float64:
		return Rate(name, v)
	}
	return nil
}

// Config refuses a struct of settings of which a duration or a count is negative, or a float no number. Those that may be
// negative are named.
func Config(config any, may ...string) error {
	v := reflect.ValueOf(config)
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() || slices.Contains(may, field.Name) {
			continue
		}
		if err := Number(v.Type().String()+"."+field.Name, v.Field(i).Interface()); err != nil {
			return fmt.Errorf("dualgen: %w", err)
		}
	}
	return nil
}

// Why is how many characters a reason may have: a form counts a character beyond the basic plane twice, so that it lets through no more.
const Why = 500

// Reason refuses a reason that the trail would be too long for.
func Reason(why string) error {
	if n := utf8.RuneCountInString(why); n > Why {
		return fmt.Errorf("the reason has %d characters, and at most %d are kept", n, Why)
	}
	return nil
}

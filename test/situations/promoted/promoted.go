// Package promoted has structs that embed a type with marshalers, which Go promotes, beside fields of their own.
package promoted

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"net/netip"
	"strings"
	"time"
)

var ErrNotFound = errors.New("no such meter")

type Amount struct {
	*big.Int
	Currency string
}

type Network struct {
	netip.Prefix
	Gateway string
}

type Shift struct {
	time.Time
	Crew string
}

type Meter struct {
	ID     string
	Budget Amount
	Net    Network
	Start  Shift
}

//go:generate go tool dualgen -old ./textmeters.Meters
//dualgen:notfound ErrNotFound old=textmeters.ErrNone
//dualgen:convert ParseAmount,FormatAmount,ParseNetwork,FormatNetwork,ParseShift,FormatShift
type Meters interface {
	Get(ctx context.Context, id string) (Meter, error)
	Save(ctx context.Context, meter Meter) error
	Delete(ctx context.Context, id string) error
	List(ctx context.Context) ([]Meter, error)
}

// ParseAmount reads what FormatAmount writes.
func ParseAmount(text string) (Amount, error) {
	number, currency, _ := strings.Cut(text, " ")
	if number == "-" {
		return Amount{nil, currency}, nil
	}
	n, ok := new(big.Int).SetString(number, 10)
	if !ok {
		return Amount{}, fmt.Errorf("%q is no amount", text)
	}
	return Amount{n, currency}, nil
}

// FormatAmount writes an amount and its currency.
func FormatAmount(a Amount) (string, error) {
	if a.Int == nil {
		return "- " + a.Currency, nil
	}
	return a.Int.String() + " " + a.Currency, nil
}

// ParseNetwork reads what FormatNetwork writes.
func ParseNetwork(text string) (Network, error) {
	prefix, gateway, _ := strings.Cut(text, " ")
	if prefix == "-" {
		return Network{Gateway: gateway}, nil
	}
	p, err := netip.ParsePrefix(prefix)
	return Network{p, gateway}, err
}

// FormatNetwork writes a network and its gateway.
func FormatNetwork(n Network) (string, error) {
	if !n.Prefix.IsValid() {
		return "- " + n.Gateway, nil
	}
	return n.Prefix.String() + " " + n.Gateway, nil
}

// ParseShift reads what FormatShift writes.
func ParseShift(text []byte) (Shift, error) {
	start, crew, _ := strings.Cut(string(text), " ")
	at, err := time.Parse(time.RFC3339Nano, start)
	return Shift{at, crew}, err
}

// FormatShift writes when a shift starts, and its crew.
func FormatShift(s Shift) ([]byte, error) {
	return []byte(s.Time.UTC().Format(time.RFC3339Nano) + " " + s.Crew), nil
}

package gotype

import (
	"go/types"
	"time"
)

// knownType is a type that rules treat by name.
type knownType struct{ path, name string }

// Decimals are the types whose text is a decimal number, with all its digits.
var Decimals = []knownType{
	{"github.com/shopspring/decimal", "Decimal"},
	{"gopkg.in/inf.v0", "Dec"},
	{"math/big", "Int"},
	{"github.com/cockroachdb/apd/v3", "Decimal"},
	{"github.com/ericlagergren/decimal", "Big"},
	{PgtypePath, "Numeric"},
}

// Addresses are the types whose text is an IP address.
var Addresses = []knownType{{"net/netip", "Addr"}, {"net", "IP"}}

// dateTimes count milliseconds since 1970.
var dateTimes = []knownType{{"go.mongodb.org/mongo-driver/v2/bson", "DateTime"}, {"go.mongodb.org/mongo-driver/bson/primitive", "DateTime"}}

// CountsTime returns what a type of integers counts since 1970, where its name says it.
func CountsTime(t types.Type) (unit time.Duration, ok bool) {
	return time.Millisecond, IsOneOf(t, dateTimes)
}

// unixTimes are a time.Time each, of which a driver keeps whole seconds.
var unixTimes = []knownType{
	{"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue", "UnixTime"},
	{"github.com/aws/aws-sdk-go/service/dynamodb/dynamodbattribute", "UnixTime"},
}

// IsUnixTime says whether t is a time.Time of another name, of which a driver keeps whole seconds.
func IsUnixTime(t types.Type) bool {
	_, pointer := Pointee(t)
	return !pointer && IsOneOf(t, unixTimes)
}

const PgtypePath = "github.com/jackc/pgx/v5/pgtype"

// IsOneOf says whether t, or what it points to, is one of the known types.
func IsOneOf(t types.Type, known []knownType) bool {
	if elem, ok := Pointee(t); ok {
		t = elem
	}
	for _, k := range known {
		if IsNamed(t, k.path, k.name) {
			return true
		}
	}
	return false
}

// NotEnums have constants of their own type and any value besides.
var NotEnums = []knownType{{"time", "Duration"}}

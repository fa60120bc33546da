package ctl_test

import (
	"bytes"
	"flag"
	"os"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/ctl/internal/dialect"
	"github.com/dualgen/dualgen/runtime/internal/outlook"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestStatusAsJSON: what scripts read of status --json changes only where a golden file changes with it.
func TestStatusAsJSON(t *testing.T) {
	const golden = "testdata/status.json"
	var report outlook.Report
	fill(reflect.ValueOf(&report).Elem(), "")
	var got bytes.Buffer
	require.NoError(t, dialect.Encode(&got, report, "  "))
	if *update {
		require.NoError(t, os.WriteFile(golden, got.Bytes(), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), got.String(), "run go test ./runtime/ctl -run TestStatusAsJSON -update, and read what changed")
}

// fill sets everything in a value.
func fill(v reflect.Value, name string) {
	if at, is := v.Addr().Interface().(*time.Time); is {
		*at = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				fill(v.Field(i), f.Name)
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), name)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), name)
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), name)
		}
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, name)
		fill(value, name)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.String:
		v.SetString("a " + name)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Float64:
		v.SetFloat(1.5)
	case reflect.Int, reflect.Int64:
		if v.SetInt(7); v.Type() == reflect.TypeFor[time.Duration]() {
			v.SetInt(int64(90 * time.Second))
		}
	case reflect.Uint8, reflect.Uint64:
		v.SetUint(1)
	default:
		panic("fill cannot set a " + v.Type().String())
	}
}

//go:build ignore

package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/dualgen/dualgen/runtime/convert"
)

var _ Users = oldUsers{}

func check(ok bool, format string, args ...any) {
	if !ok {
		fmt.Printf(format+"\n", args...)
		defer os.Exit(1)
	}
}

func main() {
	ctx := context.Background()
	store := &Store{rows: map[int64]*Row{}}
	users := oldUsers{store}

	u := &User{Name: "Ada", Age: 36, Tags: []string{"a"}}
	check(users.Save(ctx, u) == nil, "save")
	check(u.ID == "1", "the store's id is filled back: %+v", u)
	check(store.rows[1].FullName == "Ada" && store.rows[1].Age.Int64 == 36, "saved: %+v", store.rows[1])
	u.Tags[0] = "changed"
	check(store.rows[1].Tags[0] == "a", "memory is shared")

	got, err := users.Get(ctx, "1")
	check(err == nil && got.Name == "Ada" && got.Age == 36, "get: %+v %v", got, err)
	_, err = users.Get(ctx, "2")
	check(err == ErrNotFound, "absent by error: %v", err)
	_, err = users.Get(ctx, "x")
	check(err != nil && strings.HasPrefix(err.Error(), "Users.Get: id: "), "bad argument: %v", err)
	found, err := users.Find(ctx, "1")
	check(err == nil && found.Name == "Ada", "find: %+v %v", found, err)
	found, err = users.Find(ctx, "2")
	check(err == ErrNotFound && found == nil, "absent by nil: %v", err)
	got, ok, err := users.Lookup("1")
	check(err == nil && ok && got.Name == "Ada", "lookup: %+v %v %v", got, ok, err)
	_, ok, err = users.Lookup("2")
	check(err == nil && !ok, "absent by flag: %v %v", ok, err)

	name, ok := users.Peek("1")
	check(ok && name == "Ada", "peek: %v %v", name, ok)
	_, ok = users.Peek("2")
	check(!ok, "absent by flag, without error")

	store.rows[1].Age.Valid = false
	_, err = users.Get(ctx, "1")
	var at *convert.PathError
	check(errors.As(err, &at) && at.Path == "result.Age" && errors.Is(err, convert.ErrNull), "null: %v", err)
	_, err = users.List(ctx, "1")
	check(errors.As(err, &at) && at.Path == "result[0].Age", "null in a list: %v", err)
	store.rows[1].Age = sql.NullInt64{Int64: 5, Valid: true}
	list, err := users.List(ctx, "1", "1")
	check(err == nil && len(list) == 2 && list[1].Age == 5, "list: %+v %v", list, err)
	check(users.Rename(ctx, "1", "Grace") == nil && store.rows[1].FullName == "Grace", "rename")
	n, err := users.Count(ctx)
	check(n == 1 && err == nil, "count: %d %v", n, err)
	users.Ping()
	check(len(store.last) == 1, "ping")
	check(users.Delete(ctx, "1") == nil, "delete")
	check(users.Delete(ctx, "1") == ErrNotFound, "delete again")
}

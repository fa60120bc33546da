package place

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// Postgres makes a schema, unless it is there, and returns the URL of the server with that schema in its search path.
func Postgres(ctx context.Context, server, schema string) (string, error) {
	at, err := url.Parse(server)
	if err != nil {
		return "", fmt.Errorf("DUALGEN_POSTGRES: %w", err)
	}
	if err := onPostgres(ctx, server, "CREATE SCHEMA IF NOT EXISTS "+schema); err != nil {
		return "", fmt.Errorf("make a schema: %w", err)
	}
	query := at.Query()
	query.Set("search_path", schema)
	at.RawQuery = query.Encode()
	return at.String(), nil
}

// DropPostgres removes a schema.
func DropPostgres(ctx context.Context, server, schema string) error {
	return onPostgres(ctx, server, "DROP SCHEMA IF EXISTS "+schema+" CASCADE")
}

func onPostgres(ctx context.Context, url, statement string) error {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, statement)
	return err
}

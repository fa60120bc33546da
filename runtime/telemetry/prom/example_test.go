package prom_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/telemetry"
	"github.com/dualgen/dualgen/runtime/telemetry/prom"
)

// A service gives the observer to the migration, and registers it with the collector.
func ExampleNewCollector() {
	observer := prom.NewObserver(prom.Options{Migration: "books"})
	migration, err := dual.NewMigration(dual.Config{Name: "books", Observer: observer, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		fmt.Println(err)
		return
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(observer, prom.NewCollector(migration, telemetry.Config{}))

	// A generated constructor adds the methods, and its methods make the calls.
	get := migration.Method(dual.MethodInfo{Name: "Books.Get", Kind: dual.KindRead})
	call, err := migration.Begin(get)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = dual.Read(context.Background(), call, &[2]string{"old", "new"}, dual.Key{Kind: "Book", ID: "1"}, 1, &dual.Reading[int, string]{},
		func(_ context.Context, store string, id int) (string, error) { return "Emma", nil })
	call.End()
	fmt.Println(err)

	page := httptest.NewRecorder()
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(page, httptest.NewRequest("GET", "/metrics", nil))
	for line := range strings.Lines(page.Body.String()) {
		if strings.HasPrefix(line, "dualgen_phase{") || strings.HasPrefix(line, "dualgen_calls_total") || strings.Contains(line, "store_duration_seconds_count") {
			fmt.Print(line)
		}
	}
	fmt.Println(migration.Close(context.Background()))
	// Output:
	// <nil>
	// dualgen_calls_total{method="Books.Get",migration="books"} 1
	// dualgen_phase{migration="books"} 1
	// dualgen_store_duration_seconds_count{method="Books.Get",migration="books",role="primary",store="old"} 1
	// <nil>
}

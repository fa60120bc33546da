# make demo   the quickstart: generates its repository and migrates it under traffic. Needs nothing but Go.
# make test   every check, on real servers, which it installs and starts if they are not there.

GO ?= go
FUZZTIME ?= 60s
BENCH ?= .
SOAK ?= 2h

.PHONY: help site check demo catalog redis dynamo mongo ops test proof lint generate golden bench fuzz soak servers servers-down

help:
	@echo 'make demo          migrate SQLite to bbolt under live traffic (needs only Go)'
	@echo 'make catalog       migrate Postgres to Cassandra under live traffic'
	@echo 'make redis         migrate sessions from Redis to Memcached under live traffic, and back'
	@echo 'make dynamo        migrate Postgres to the DynamoDB protocol under live traffic, reads first'
	@echo 'make mongo         migrate the MongoDB protocol to Cassandra under live traffic, writes first'
	@echo 'make ops           three instances of a service over Postgres and Cassandra, clients, and the command to try'
	@echo 'make check         the inner loop: build, vet, and the tests that need no server'
	@echo 'make test          every check and test, on real servers, none skipped'
	@echo 'make proof         the larger proof runs, about 28 minutes; writes the figures of the README'
	@echo 'make site          the documentation as a site, in site/'
	@echo 'make lint          gofmt, go vet, staticcheck'
	@echo 'make generate      generate the examples and the situations again'
	@echo 'make golden        rewrite the golden files after a wanted change'
	@echo 'make bench         benchmarks; BENCH=regexp chooses'
	@echo 'make fuzz          every fuzz test, each for FUZZTIME=60s'
	@echo 'make soak          long runs of the proofs, for SOAK=2h'
	@echo 'make servers       start Postgres, Cassandra and MariaDB, print their variables'
	@echo 'make servers-down  stop what was started'

demo:
	$(GO) generate ./examples/quickstart/...
	$(GO) run ./examples/quickstart

catalog:
	$(GO) generate ./examples/catalog/...
	eval "$$(scripts/servers up postgres cassandra)" && $(GO) run ./examples/catalog

redis:
	$(GO) -C examples/redis generate ./...
	eval "$$(scripts/servers up redis memcached)" && $(GO) -C examples/redis run .

dynamo:
	$(GO) -C examples/dynamo generate ./...
	eval "$$(scripts/servers up postgres dynalite)" && $(GO) -C examples/dynamo run .

mongo:
	$(GO) -C examples/mongo generate ./...
	eval "$$(scripts/servers up ferretdb cassandra)" && $(GO) -C examples/mongo run .

ops:
	eval "$$(scripts/servers up postgres cassandra)" && $(GO) -C examples/ops run .

check:
	scripts/check

test:
	scripts/test

proof:
	scripts/proof ci README.md docs/testing.md

site:
	scripts/site

lint:
	@test -z "$$(gofmt -l . | grep -v /testdata/ | tee /dev/stderr)"
	$(GO) vet ./...
	$(GO) tool -modfile=tools/go.mod staticcheck ./...

generate:
	$(GO) run ./cmd/dualgen ./examples/... ./test/drill/...
	$(GO) -C test/situations tool dualgen ./...

golden:
	$(GO) test ./generator/... -run Golden -update

bench:
	eval "$$(scripts/servers up postgres cassandra)" && $(GO) test -run '^$$' -bench '$(BENCH)' -benchmem ./runtime/...
	$(GO) -C bench test -run '^$$' -bench '$(BENCH)' -benchmem .
	$(GO) -C bench/peers test -run '^$$' -bench '$(BENCH)' -benchtime 5x .

fuzz:
	scripts/fuzz $(FUZZTIME)

soak:
	scripts/soak $(SOAK)

servers:
	@scripts/servers up

servers-down:
	scripts/servers down

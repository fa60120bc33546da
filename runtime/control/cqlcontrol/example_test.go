package cqlcontrol_test

import (
	"context"
	"log"

	"github.com/gocql/gocql"

	"github.com/dualgen/dualgen/runtime/control/cqlcontrol"
	"github.com/dualgen/dualgen/runtime/dual"
)

// The keyspace must exist; Migrate makes the tables in it.
func ExampleOpen() {
	ctx := context.Background()
	cluster := gocql.NewCluster("cassandra.internal")
	cluster.ConvictionPolicy = cqlcontrol.NeverConvict{} // an outage must not cost the session its nodes for good
	session, err := cluster.CreateSession()
	if err != nil {
		log.Fatal(err)
	}
	defer session.Close()
	backend, err := cqlcontrol.Open(session, cqlcontrol.Options{Keyspace: "app", Migration: "shop-users"})
	if err != nil {
		log.Fatal(err)
	}
	defer backend.Close()
	if err := backend.Migrate(ctx); err != nil {
		log.Fatal(err)
	}
	migration, err := dual.NewMigration(dual.Config{Control: backend.Control(), Journal: backend.Journal()})
	if err != nil {
		log.Fatal(err)
	}
	defer migration.Close(ctx)
}

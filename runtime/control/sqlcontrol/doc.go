// Package sqlcontrol keeps the flag record, the fleet and the journal of a migration in a SQL database: Postgres, MariaDB,
// MySQL or SQLite. It imports sqlx and no driver; open the database with the driver of your choice.
//
//	backend, err := sqlcontrol.Open(db, sqlcontrol.Options{Dialect: sqlcontrol.Postgres, Migration: "shop-users"})
//	...
//	err = backend.Migrate(ctx) // or run what DDL prints
//	migration, err := dual.NewMigration(dual.Config{Control: backend.Control(), Journal: backend.Journal()})
//
// Keep it in the database that is the old store (or the new one, where only that is SQL): a journal that is down together
// with its primary adds no failure of its own.
//
// # How the journal is laid out
//
// One row an unclean key. The tokens that are held stand in one text column of the row, so that the lock which the upsert
// takes on the row decides every race between two calls on one key, at any isolation level: an update always works on
// the row's latest version. A row also stands for each entity kind as a whole, for ever; whatever may create an entry
// shares a lock on it, and whatever concerns the whole kind takes that lock alone. A clean row stays for a moment and is
// swept by Renew and Expire; a sweep moves it to the activity table while anybody tracks. Because a sweep, not End, forgets,
// an End that races Track loses nothing (see sweep.go).
//
// A column that the database computes names the queue that a row is in: whether there is a call, a copy or a sweep to be made of it,
// and of which kind. Listings, counts and sweeps read parts of queues along an index (see queue.go), and name it where the
// database lets them, so that what they cost depends neither on the size of the table nor on what the database knows of it.
//
// # Clocks
//
// Leases and the settle window run by the database's clock. No instance's clock matters.
//
// # What a failing connection leaves behind
//
// A call that failed may have had its effect: a token nobody knows of. Each Renew therefore compares the tokens that this
// process has in the table with those that it knows; what it does not know is taken away, and the key is dirty.
//
// # Writes past the wrapper
//
// MigrateBypass puts a trigger on a table of Postgres that marks the keys which others than the wrapper write.
package sqlcontrol

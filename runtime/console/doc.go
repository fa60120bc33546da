// Package console is a web page on a migration for the person on call: where the fleet is, what stands in the way of the next step and
// how to remove it, how far copies and comparisons are, which keys wait, and who changed what. Whoever may can make the next step from
// it, step back, or stop everything.
//
// A Console is an http.Handler that a service mounts where its other pages for operators are:
//
//	recorder := console.NewRecorder() // optional: the page on latencies and differences
//	migration, err := dual.NewMigration(dual.Config{…, Observer: recorder, OnMismatch: recorder.Mismatch})
//	…
//	page, err := console.New(console.Config{Migration: migration, Recorder: recorder, Authorize: staff})
//	mux.Handle("/migration/", http.StripPrefix("/migration", page))
//
// Authorize decides who sees it and who may change something; without it there is no console. A step is made by the same gates as
// the command's, and audited in the same trail. Requests that another site made a browser send are refused. The pages work without
// JavaScript; with it, they follow the migration as it changes. No page shows an entity's values, but keys are shown.
package console

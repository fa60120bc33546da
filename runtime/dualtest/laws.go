package dualtest

// Law is something that must hold of two stores, and of what the generator decided about them. A failure names the law that
// is broken.
type Law struct {
	Name string // such as "put-then-get"
	Says string
}

// The laws, in the order in which they are reported.
var (
	putThenGet        = Law{"put-then-get", "after put, get returns exactly what was put, and nothing else changed"}
	putOver           = Law{"put-over", "put twice or over another, the second stands whole; put of an absent key creates"}
	keyKept           = Law{"key-kept", "the key after a write is the key that was declared"}
	deleteThenGet     = Law{"delete-then-get", "after delete, get finds nothing, and nothing else changed"}
	scanComplete      = Law{"scan-complete", "scan lists exactly the keys that get finds, from below every key, at every page size"}
	readChangesNone   = Law{"read-changes-nothing", "a read changes nothing"}
	writeWithinKeys   = Law{"write-within-keys", "a keyed write changes only entities with its declared keys, of its declared kinds"}
	writeWithinKinds  = Law{"write-within-kinds", "a write through one repository of a tree changes nothing that another one keeps, but what it declares"}
	readOfItsEntity   = Law{"read-of-its-entity", "a keyed read's answer depends on its entity alone"}
	commitKeeps       = Law{"commit-keeps", "after a commit, everything is as the transaction saw it at its end, and the mirror has it"}
	rollbackUndoes    = Law{"rollback-undoes", "a transaction whose function fails says so, and has changed nothing, in neither store"}
	handsOutItsOwn    = Law{"hands-out-its-own", "what a store hands out is the same repository each time, and none of another store's"}
	answersAlike      = Law{"answers-alike", "both stores answer a call alike"}
	errorsAlike       = Law{"errors-alike", "both stores fail alike, by each error that the package declares"}
	wrapperAlike      = Law{"wrapper-alike", "the wrapper answers as the stores do, whatever the phase"}
	mirrorsReconciled = Law{"mirror-reconciled", "after a mirror call, failed and reconciled or not, both stores answer every read alike"}
)

// Laws lists every law of the suite.
func Laws() []Law {
	return []Law{putThenGet, putOver, keyKept, deleteThenGet, scanComplete, readChangesNone, writeWithinKeys, writeWithinKinds, readOfItsEntity,
		commitKeeps, rollbackUndoes, handsOutItsOwn, answersAlike, errorsAlike, wrapperAlike, mirrorsReconciled}
}

package servertest

import "testing"

// The servers below have no place that is removed as a whole. A test gets a name that nobody else has, for what it keeps there.

// Redis returns the URL of a database, and a prefix for keys.
func Redis(t testing.TB) (url, prefix string) {
	t.Helper()
	return server(t, "DUALGEN_REDIS"), unique() + ":"
}

// Memcached returns an address, and a prefix for keys.
func Memcached(t testing.TB) (address, prefix string) {
	t.Helper()
	return server(t, "DUALGEN_MEMCACHED"), unique() + ":"
}

// Dynamo returns the address of a server of DynamoDB's protocol, and a name for a table.
func Dynamo(t testing.TB) (endpoint, table string) {
	t.Helper()
	return server(t, "DUALGEN_DYNAMO"), unique()
}

// Mongo returns the address of a server of MongoDB's protocol, and a name for a database.
func Mongo(t testing.TB) (url, database string) {
	t.Helper()
	return server(t, "DUALGEN_MONGO"), unique()
}

package templates

// locals are the names that generated functions use for their own variables. Imports give way to them.
var locals = []string{"call", "ctx", "store", "stores", "args", "key", "keys", "err", "value", "values", "entity", "old", "new", "migration"}

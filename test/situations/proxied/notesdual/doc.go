// Package notesdual has the wrapper of the notes, apart from them: who calls by the proxy does not compile it.
package notesdual

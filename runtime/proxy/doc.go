// Package proxy carries the calls of a repository interface from one process to another, over HTTP.
//
// A service that has many callers in other processes holds its stores, and the migration, in one place: there [Server] answers, and
// the callers have a client that implements the interface. Both are generated, by -proxy in the //go:generate line; see
// docs/proxy.md.
//
// A call is a POST of its arguments as JSON. What JSON would change in silence is refused where it is written (a string that is not
// UTF-8, a number that is not finite) or where the client and the server are generated (a field that nobody else can reach, a
// function). The generated types carry every field, whatever the tags of the entity say.
//
// A deadline travels as the time that is left. An error keeps its text; of the errors that are declared, and of those of package
// dual, errors.Is finds the same as in the server's process. A call that could not be made is [ErrNotSent]; one that was made and
// whose answer did not arrive is [ErrUnknown]. Neither is tried again here.
//
// The server answers whoever reaches it. Put the authentication that the service has before it, and TLS where the network is shared.
package proxy

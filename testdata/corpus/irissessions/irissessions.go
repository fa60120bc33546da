// Package irissessions wraps the session database of the web framework iris.
package irissessions

import "github.com/kataras/iris/v12/sessions"

// Database keeps the values of sessions, by session and key.
//
//go:generate go tool dualgen
//dualgen:entity Value key=sid,key get=none put=none delete=none methods=Set,Get,Delete,Decode,Acquire,OnUpdateExpiration,Clear,Release
//dualgen:write Acquire,OnUpdateExpiration,Release
//dualgen:read Decode,Visit
//dualgen:key Acquire,OnUpdateExpiration,Clear,Release none
//dualgen:mirror Acquire,OnUpdateExpiration,Clear,Release,Delete replay
//dualgen:primary SetLogger
type Database interface{ sessions.Database }

// Package gostore wraps the stores of Go's standard library.
package gostore

import (
	"crypto/tls"
	"net/http"
)

// Sessions keeps the sessions of TLS connections.
//
//go:generate go tool dualgen
//dualgen:entity Session key=sessionKey get=none put=none delete=none methods=Get,Put
type Sessions interface{ tls.ClientSessionCache }

// Cookies keeps cookies. Which a site gets is the jar's affair: to us the jar is one whole.
//
//go:generate go tool dualgen
//dualgen:read Cookies
//dualgen:entity Jar key=none get=none put=none delete=none methods=SetCookies,Cookies
type Cookies interface{ http.CookieJar }

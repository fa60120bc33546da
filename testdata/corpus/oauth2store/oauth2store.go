// Package oauth2store wraps the stores of the OAuth 2 server go-oauth2.
package oauth2store

import "github.com/go-oauth2/oauth2/v4"

// Clients finds clients.
//
//go:generate go tool dualgen
type Clients interface{ oauth2.ClientStore }

// Tokens keeps each token under three names: its code, its access token and its refresh token.
//
//go:generate go tool dualgen
//dualgen:entity TokenInfo key=GetAccess get=GetByAccess put=Create delete=RemoveByAccess methods=RemoveByCode,RemoveByRefresh
//dualgen:key RemoveByCode,RemoveByRefresh none
//dualgen:mirror RemoveByCode,RemoveByRefresh replay
//dualgen:compare fields=TokenInfo
type Tokens interface{ oauth2.TokenStore }

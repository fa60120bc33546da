// Package fositestore wraps the stores of the OAuth 2 and OpenID Connect framework fosite.
package fositestore

import (
	"github.com/ory/fosite"
	"github.com/ory/fosite/handler/oauth2"
	"github.com/ory/fosite/handler/openid"
	"github.com/ory/fosite/handler/pkce"
	"github.com/ory/fosite/handler/rfc7523"
	"github.com/ory/fosite/handler/verifiable"
)

// Clients finds clients, and remembers which assertions they have used.
//
//go:generate go tool dualgen
//dualgen:entity AssertionJWT key=jti get=none put=none delete=none methods=ClientAssertionJWTValid,SetClientAssertionJWT
//dualgen:read ClientAssertionJWTValid
type Clients interface{ fosite.ClientManager }

// PAR keeps pushed authorization requests.
//
//go:generate go tool dualgen
//dualgen:entity PARSession key=requestURI get=none put=none delete=none
//dualgen:mirror CreatePARSession replay
type PAR interface{ fosite.PARStorage }

// Core keeps the sessions behind codes, access tokens and refresh tokens.
//
//go:generate go tool dualgen
//dualgen:entity AuthorizeCodeSession key=code get=none put=none delete=none
//dualgen:entity AccessTokenSession key=signature get=none put=none delete=none
//dualgen:entity RefreshTokenSession key=signature get=none put=none delete=none
//dualgen:mirror CreateAuthorizeCodeSession,InvalidateAuthorizeCodeSession,CreateAccessTokenSession,CreateRefreshTokenSession replay
type Core interface{ oauth2.CoreStorage }

// OpenID keeps the sessions of OpenID Connect.
//
//go:generate go tool dualgen
//dualgen:entity OpenIDConnectSession key=authorizeCode get=none put=none delete=none
//dualgen:mirror CreateOpenIDConnectSession replay
type OpenID interface {
	openid.OpenIDConnectRequestStorage
}

// PKCE keeps the challenges of authorization codes.
//
//go:generate go tool dualgen
//dualgen:entity PKCERequestSession key=signature get=none put=none delete=none
//dualgen:mirror CreatePKCERequestSession replay
type PKCE interface{ pkce.PKCERequestStorage }

// PublicKeys finds the keys of issuers, and remembers which assertions were used.
//
//go:generate go tool dualgen
//dualgen:entity JWT key=jti get=none put=none delete=none
//dualgen:mirror MarkJWTUsedForTime replay
type PublicKeys interface{ rfc7523.RFC7523KeyStorage }

// Revocations is Core without codes, and takes tokens back by the request that they came from.
//
//go:generate go tool dualgen
//dualgen:entity AccessTokenSession key=signature get=none put=none delete=none methods=RevokeAccessToken
//dualgen:entity RefreshTokenSession key=signature get=none put=none delete=none methods=RevokeRefreshToken,RevokeRefreshTokenMaybeGracePeriod
//dualgen:key RevokeAccessToken,RevokeRefreshToken none
//dualgen:mirror CreateAccessTokenSession,CreateRefreshTokenSession,RevokeAccessToken,RevokeRefreshToken,RevokeRefreshTokenMaybeGracePeriod replay
type Revocations interface {
	oauth2.TokenRevocationStorage
}

// Nonces makes nonces, which live for minutes: they stay with the primary.
//
//go:generate go tool dualgen
//dualgen:primary NewNonce,IsNonceValid
type Nonces interface{ verifiable.NonceManager }

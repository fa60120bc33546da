// Package smallstepstore wraps the databases of the certificate authority step-ca.
package smallstepstore

import (
	"context"

	"github.com/smallstep/certificates/acme"
	"github.com/smallstep/certificates/db"
	"github.com/smallstep/nosql"
	"github.com/smallstep/nosql/database"
)

// ACME keeps what the ACME protocol is about. The store makes the identifiers.
//
//go:generate go tool dualgen
//dualgen:entity Account delete=none
//dualgen:entity Authorization delete=none methods=CreateAuthorization,UpdateAuthorization
//dualgen:entity Certificate put=putCertificate delete=none
//dualgen:entity Challenge key=ID,AuthorizationID get=challenge delete=none
//dualgen:entity Order delete=none
//dualgen:entity ExternalAccountKey key=ProvisionerID,ID get=GetExternalAccountKey put=putKey
//dualgen:key GetExternalAccountKey,DeleteExternalAccountKey provisionerID,keyID
//dualgen:primary CreateNonce,DeleteNonce
//dualgen:cursor GetExternalAccountKeys none
type ACME interface{ acme.DB }

func challenge(ctx context.Context, db ACME, id, authorization string) (acme.Challenge, bool, error) {
	found, err := db.GetChallenge(ctx, id, authorization)
	if acme.IsErrNotFound(err) {
		return acme.Challenge{}, false, nil
	}
	if err != nil {
		return acme.Challenge{}, false, err
	}
	return *found, true, nil
}

// putCertificate stores a certificate, which is never changed, unless it is there.
func putCertificate(ctx context.Context, db ACME, certificate acme.Certificate) error {
	if _, err := db.GetCertificate(ctx, certificate.ID); !acme.IsErrNotFound(err) {
		return err
	}
	return db.CreateCertificate(ctx, &certificate)
}

// putKey changes a key. It cannot create one under a given identifier: see why in corpus.txt.
func putKey(ctx context.Context, db ACME, key acme.ExternalAccountKey) error {
	return db.UpdateExternalAccountKey(ctx, key.ProvisionerID, &key)
}

// Tables is the key-value database below.
//
//go:generate go tool dualgen
//dualgen:entity Value key=bucket,key get=none put=none delete=none methods=Set,Del,Get,CmpAndSwap,Update,CreateTable,DeleteTable
//dualgen:write CmpAndSwap
//dualgen:primary Open
//dualgen:key Update,CreateTable,DeleteTable none
//dualgen:mirror CmpAndSwap,Update,CreateTable,DeleteTable replay
type Tables interface{ database.DB }

// Auth keeps which certificates were revoked, and which tokens were used.
//
//go:generate go tool dualgen
//dualgen:entity RevokedCertificateInfo key=Serial get=none put=none delete=none methods=IsRevoked,IsSSHRevoked,RevokeSSH
//dualgen:key IsRevoked,IsSSHRevoked sn
//dualgen:entity Token key=id get=none put=none delete=none methods=UseToken
//dualgen:write UseToken
//dualgen:mirror Revoke,RevokeSSH,UseToken replay
type Auth interface{ db.AuthDB }

// RevocationList keeps the list of revoked certificates. There is one.
//
//go:generate go tool dualgen
//dualgen:entity CertificateRevocationListInfo key=none get=list put=StoreCRL delete=none
type RevocationList interface {
	db.CertificateRevocationListDB
}

func list(store RevocationList) (db.CertificateRevocationListInfo, bool, error) {
	found, err := store.GetCRL()
	if nosql.IsErrNotFound(err) {
		return db.CertificateRevocationListInfo{}, false, nil
	}
	if err != nil {
		return db.CertificateRevocationListInfo{}, false, err
	}
	return *found, true, nil
}

// Wire is ACME with two kinds of tokens of an order.
//
//go:generate go tool dualgen
//dualgen:entity Account delete=none
//dualgen:entity Authorization delete=none methods=CreateAuthorization,UpdateAuthorization
//dualgen:entity Certificate put=putCertificate delete=none
//dualgen:entity Challenge key=ID,AuthorizationID get=challenge delete=none
//dualgen:entity Order delete=none
//dualgen:entity ExternalAccountKey key=ProvisionerID,ID get=GetExternalAccountKey put=putKey
//dualgen:entity DpopToken key=orderID get=none put=none delete=none
//dualgen:entity OidcToken key=orderID get=none put=none delete=none
//dualgen:key GetExternalAccountKey,DeleteExternalAccountKey provisionerID,keyID
//dualgen:primary CreateNonce,DeleteNonce
//dualgen:cursor GetExternalAccountKeys none
//dualgen:mirror CreateDpopToken,CreateOidcToken replay
type Wire interface{ acme.WireDB }

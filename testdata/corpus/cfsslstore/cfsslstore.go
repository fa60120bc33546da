// Package cfsslstore wraps the certificate database of cfssl.
package cfsslstore

import "github.com/cloudflare/cfssl/certdb"

// Accessor keeps certificates and the answers to questions about their status.
//
//go:generate go tool dualgen
//dualgen:entity CertificateRecord key=Serial,AKI get=certificate put=putCertificate delete=none methods=InsertCertificate,RevokeCertificate
//dualgen:entity OCSPRecord key=Serial,AKI get=ocsp put=putOCSP delete=none methods=InsertOCSP,UpdateOCSP,UpsertOCSP
//dualgen:read GetRevokedAndUnexpiredCertificates,GetRevokedAndUnexpiredCertificatesByLabel,GetRevokedAndUnexpiredCertificatesByLabelSelectColumns
type Accessor interface{ certdb.Accessor }

func certificate(store Accessor, serial, aki string) (certdb.CertificateRecord, bool, error) {
	found, err := store.GetCertificate(serial, aki)
	if err != nil || len(found) == 0 {
		return certdb.CertificateRecord{}, false, err
	}
	return found[0], true, nil
}

// putCertificate creates a certificate, or revokes it: nothing else of one ever changes.
func putCertificate(store Accessor, record certdb.CertificateRecord) error {
	_, found, err := certificate(store, record.Serial, record.AKI)
	if err != nil {
		return err
	}
	if !found {
		return store.InsertCertificate(record)
	}
	if record.Status == "revoked" {
		return store.RevokeCertificate(record.Serial, record.AKI, record.Reason)
	}
	return nil
}

func ocsp(store Accessor, serial, aki string) (certdb.OCSPRecord, bool, error) {
	found, err := store.GetOCSP(serial, aki)
	if err != nil || len(found) == 0 {
		return certdb.OCSPRecord{}, false, err
	}
	return found[0], true, nil
}

func putOCSP(store Accessor, record certdb.OCSPRecord) error {
	return store.UpsertOCSP(record.Serial, record.AKI, record.Body, record.Expiry)
}

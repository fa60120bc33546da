// Package tpmstore wraps where step keeps what belongs to the keys in a TPM.
package tpmstore

import "go.step.sm/crypto/tpm/storage"

// Keys keeps keys and attestation keys, in a file that is loaded and written as one.
//
//go:generate go tool dualgen
//dualgen:lifecycle Load,Persist
type Keys interface{ storage.TPMStore }

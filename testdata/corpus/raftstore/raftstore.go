// Package raftstore wraps the stores of the consensus library raft.
package raftstore

import (
	"errors"

	"github.com/hashicorp/raft"
)

// Stable keeps a few values by key.
//
//go:generate go tool dualgen
//dualgen:entity Value key=key get=none put=none delete=none methods=Set,SetUint64,Get,GetUint64
type Stable interface{ raft.StableStore }

// Logs keeps the log.
//
//go:generate go tool dualgen
//dualgen:entity Log key=Index get=getLog put=StoreLog delete=deleteLog methods=DeleteRange
//dualgen:read FirstIndex,LastIndex
//dualgen:key DeleteRange none
//dualgen:mirror DeleteRange replay
type Logs interface{ raft.LogStore }

func getLog(store Logs, index uint64) (raft.Log, bool, error) {
	var log raft.Log
	err := store.GetLog(index, &log)
	if errors.Is(err, raft.ErrLogNotFound) {
		return log, false, nil
	}
	return log, err == nil, err
}

func deleteLog(store Logs, index uint64) error { return store.DeleteRange(index, index) }

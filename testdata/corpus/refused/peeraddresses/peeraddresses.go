// Package peeraddresses wraps an interface that cannot be wrapped as it is.
package peeraddresses

import "github.com/libp2p/go-libp2p/core/peerstore"

// Addresses sends addresses through a channel.
//
//go:generate go tool dualgen
//dualgen:entity Addresses key=p get=none put=none delete=none methods=AddAddr,AddAddrs,SetAddr,SetAddrs,UpdateAddrs,ClearAddrs
//dualgen:read Addrs,PeersWithAddrs
//dualgen:mirror AddAddr,AddAddrs,UpdateAddrs replay
type Addresses interface{ peerstore.AddrBook }

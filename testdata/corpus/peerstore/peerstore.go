// Package peerstore wraps what the peer-to-peer library libp2p knows of peers.
package peerstore

import "github.com/libp2p/go-libp2p/core/peerstore"

// Metadata keeps values of any type.
//
//go:generate go tool dualgen
//dualgen:entity Entry key=p,key get=none put=none delete=none methods=Get,Put,RemovePeer
//dualgen:key RemovePeer none
//dualgen:mirror RemovePeer replay
type Metadata interface{ peerstore.PeerMetadata }

// Keys keeps the keys of peers.
//
//go:generate go tool dualgen
//dualgen:entity Peer key=id get=none put=none delete=none methods=PubKey,PrivKey,AddPubKey,AddPrivKey
//dualgen:read PubKey,PrivKey,PeersWithKeys
//dualgen:mirror AddPubKey,AddPrivKey replay
type Keys interface{ peerstore.KeyBook }

// Protocols keeps which protocols peers speak.
//
//go:generate go tool dualgen
//dualgen:entity Peer key=id get=none put=none delete=none methods=GetProtocols,AddProtocols,SetProtocols,RemoveProtocols,SupportsProtocols,FirstSupportedProtocol
//dualgen:read SupportsProtocols,FirstSupportedProtocol
//dualgen:mirror AddProtocols,RemoveProtocols replay
type Protocols interface{ peerstore.ProtoBook }

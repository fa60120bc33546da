// Package natsstore wraps what the message queue NATS keeps of a consumer.
package natsstore

import "github.com/nats-io/nats-server/v2/server"

// Consumer keeps how far one consumer of a stream is, and its settings.
//
//go:generate go tool dualgen
//dualgen:entity Consumer key=none get=none put=none delete=none methods=SetStarting,UpdateStarting,Reset,HasState,UpdateDelivered,UpdateAcks,RemoveRedeliveredBelow,GetConfig,UpdateConfig,Update,ForceUpdate,State,BorrowState,EncodedState,Delete,StreamDelete
//dualgen:read State,BorrowState,EncodedState,Type
//dualgen:write Reset,ForceUpdate
//dualgen:delete StreamDelete
//dualgen:mirror SetStarting,UpdateStarting,Reset,UpdateDelivered,UpdateAcks,RemoveRedeliveredBelow,UpdateConfig,Update,ForceUpdate,Delete,StreamDelete replay
//dualgen:lifecycle Stop
type Consumer interface{ server.ConsumerStore }

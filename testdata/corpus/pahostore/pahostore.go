// Package pahostore wraps the message store of the MQTT client paho.
package pahostore

import mqtt "github.com/eclipse/paho.mqtt.golang"

// Messages keeps messages until they are acknowledged.
//
//go:generate go tool dualgen
//dualgen:entity Message key=key get=none put=none delete=none methods=Put,Get,Del,Reset
//dualgen:key Reset none
//dualgen:mirror Reset replay
type Messages interface{ mqtt.Store }

// Package fiberstore wraps the key-value storage that fiber's middleware keeps sessions, limits and caches in.
package fiberstore

import "github.com/gofiber/fiber/v2"

// Storage keeps values for a time.
//
//go:generate go tool dualgen
//dualgen:entity Value key=key get=none put=none delete=none methods=Reset
//dualgen:key Reset none
//dualgen:mirror Reset replay
type Storage interface{ fiber.Storage }

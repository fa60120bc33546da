// Package rclonestore wraps the configuration storage of rclone.
package rclonestore

import "github.com/rclone/rclone/fs/config"

// Storage keeps values in sections.
//
//go:generate go tool dualgen
//dualgen:entity Value key=section,key get=none put=none delete=none methods=DeleteSection,DeleteKey
//dualgen:key DeleteSection none
//dualgen:mirror DeleteSection,DeleteKey replay
//dualgen:lifecycle Load,Save
//dualgen:read Serialize
type Storage interface{ config.Storage }

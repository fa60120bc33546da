// Package regular names regular interfaces of other projects that have labels in this directory. dualgen's rules were made before it
// had seen them. Nothing is built from it: dualgen reads their types, and people have read the code behind them.
package regular

import (
	p1 "github.com/docker/docker-credential-helpers/credentials"
	p2 "github.com/drone/drone/core"
	p3 "github.com/influxdata/influxdb/v2"
	p0 "github.com/ipfs/boxo/keystore"
	p4 "oras.land/oras-go/v2/registry/remote/credentials"
)

// BoxoKeystoreKeystore is Keystore of Boxo.
//
//go:generate go tool dualgen
type BoxoKeystoreKeystore interface{ p0.Keystore }

// DockerCredentialHelpersCredentialsHelper is Helper of docker-credential-helpers.
//
//go:generate go tool dualgen
type DockerCredentialHelpersCredentialsHelper interface{ p1.Helper }

// DroneCoreUserStore is UserStore of Drone.
//
//go:generate go tool dualgen
type DroneCoreUserStore interface{ p2.UserStore }

// DroneCoreSecretStore is SecretStore of Drone.
//
//go:generate go tool dualgen
type DroneCoreSecretStore interface{ p2.SecretStore }

// DroneCoreGlobalSecretStore is GlobalSecretStore of Drone.
//
//go:generate go tool dualgen
type DroneCoreGlobalSecretStore interface{ p2.GlobalSecretStore }

// DroneCoreCronStore is CronStore of Drone.
//
//go:generate go tool dualgen
type DroneCoreCronStore interface{ p2.CronStore }

// DroneCoreStepStore is StepStore of Drone.
//
//go:generate go tool dualgen
type DroneCoreStepStore interface{ p2.StepStore }

// DroneCoreStageStore is StageStore of Drone.
//
//go:generate go tool dualgen
type DroneCoreStageStore interface{ p2.StageStore }

// DroneCorePermStore is PermStore of Drone.
//
//go:generate go tool dualgen
type DroneCorePermStore interface{ p2.PermStore }

// InfluxdbV2VariableService is VariableService of InfluxDB 2.
//
//go:generate go tool dualgen
type InfluxdbV2VariableService interface{ p3.VariableService }

// InfluxdbV2DBRPMappingService is DBRPMappingService of InfluxDB 2.
//
//go:generate go tool dualgen
type InfluxdbV2DBRPMappingService interface{ p3.DBRPMappingService }

// InfluxdbV2ScraperTargetStoreService is ScraperTargetStoreService of InfluxDB 2.
//
//go:generate go tool dualgen
type InfluxdbV2ScraperTargetStoreService interface{ p3.ScraperTargetStoreService }

// InfluxdbV2SecretService is SecretService of InfluxDB 2.
//
//go:generate go tool dualgen
type InfluxdbV2SecretService interface{ p3.SecretService }

// InfluxdbV2TelegrafConfigStore is TelegrafConfigStore of InfluxDB 2.
//
//go:generate go tool dualgen
type InfluxdbV2TelegrafConfigStore interface{ p3.TelegrafConfigStore }

// InfluxdbV2DashboardService is DashboardService of InfluxDB 2.
//
//go:generate go tool dualgen
type InfluxdbV2DashboardService interface{ p3.DashboardService }

// RemoteCredentialsStore is Store of ORAS.
//
//go:generate go tool dualgen
type RemoteCredentialsStore interface{ p4.Store }

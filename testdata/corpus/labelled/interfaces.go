// Package labelled names interfaces of other projects that have labels in this directory. Nothing is built from it: dualgen reads
// their types, and people have read the code behind them.
package labelled

import (
	p1 "github.com/centrifugal/centrifuge"
	p2 "github.com/crewjam/saml/samlidp"
	p18 "github.com/cschleiden/go-workflows/backend"
	p8 "github.com/docker/cli/cli/config/credentials"
	p7 "github.com/docker/cli/cli/context/store"
	p9 "github.com/docker/cli/cli/manifest/store"
	p14 "github.com/docker/docker/client"
	p13 "github.com/docker/docker/distribution/metadata"
	p10 "github.com/docker/docker/image"
	p11 "github.com/docker/docker/layer"
	p12 "github.com/docker/docker/reference"
	p25 "github.com/inbucket/inbucket/v3/pkg/message"
	p24 "github.com/inbucket/inbucket/v3/pkg/storage"
	p26 "github.com/influxdata/influxdb/coordinator"
	p27 "github.com/k3s-io/kine/pkg/server"
	p0 "github.com/letsencrypt/boulder/sa/proto"
	p6 "github.com/matrix-org/dendrite/federationapi/storage"
	p4 "github.com/matrix-org/dendrite/mediaapi/storage"
	p5 "github.com/matrix-org/dendrite/relayapi/storage"
	p3 "github.com/matrix-org/dendrite/userapi/storage"
	p35 "github.com/opencontainers/umoci/oci/cas"
	p20 "github.com/ory/hydra/v2/client"
	p23 "github.com/ory/hydra/v2/consent"
	p21 "github.com/ory/hydra/v2/jwk"
	p22 "github.com/ory/hydra/v2/oauth2/trust"
	p32 "github.com/riverqueue/river/riverdriver"
	p34 "github.com/spiffe/spire/pkg/agent/storage"
	p33 "github.com/spiffe/spire/pkg/server/datastore"
	p36 "github.com/zitadel/oidc/v3/pkg/op"
	p15 "go.etcd.io/etcd/server/v3/auth"
	p17 "go.etcd.io/etcd/server/v3/etcdserver/api/v2store"
	p16 "go.etcd.io/etcd/server/v3/lease"
	p31 "go.podman.io/storage"
	p19 "helm.sh/helm/v3/pkg/storage/driver"
	p29 "maunium.net/go/mautrix"
	p28 "maunium.net/go/mautrix/crypto"
	p30 "maunium.net/go/mautrix/crypto/verificationhelper"
)

// SaProtoStorageAuthorityClient is StorageAuthorityClient of Boulder.
//
//go:generate go tool dualgen
type SaProtoStorageAuthorityClient interface{ p0.StorageAuthorityClient }

// CentrifugalCentrifugePresenceManager is PresenceManager of centrifuge.
//
//go:generate go tool dualgen
type CentrifugalCentrifugePresenceManager interface{ p1.PresenceManager }

// CentrifugalCentrifugeBroker is Broker of centrifuge.
//
//go:generate go tool dualgen
type CentrifugalCentrifugeBroker interface{ p1.Broker }

// SamlSamlidpStore is Store of crewjam/saml.
//
//go:generate go tool dualgen
type SamlSamlidpStore interface{ p2.Store }

// UserapiStorageRegistrationTokens is RegistrationTokens of dendrite.
//
//go:generate go tool dualgen
type UserapiStorageRegistrationTokens interface{ p3.RegistrationTokens }

// UserapiStorageProfile is Profile of dendrite.
//
//go:generate go tool dualgen
type UserapiStorageProfile interface{ p3.Profile }

// UserapiStorageAccount is Account of dendrite.
//
//go:generate go tool dualgen
type UserapiStorageAccount interface{ p3.Account }

// UserapiStorageAccountData is AccountData of dendrite.
//
//go:generate go tool dualgen
type UserapiStorageAccountData interface{ p3.AccountData }

// UserapiStorageDevice is Device of dendrite.
//
//go:generate go tool dualgen
type UserapiStorageDevice interface{ p3.Device }

// UserapiStorageKeyBackup is KeyBackup of dendrite.
//
//go:generate go tool dualgen
type UserapiStorageKeyBackup interface{ p3.KeyBackup }

// UserapiStorageLoginToken is LoginToken of dendrite.
//
//go:generate go tool dualgen
type UserapiStorageLoginToken interface{ p3.LoginToken }

// UserapiStorageOpenID is OpenID of dendrite.
//
//go:generate go tool dualgen
type UserapiStorageOpenID interface{ p3.OpenID }

// UserapiStoragePusher is Pusher of dendrite.
//
//go:generate go tool dualgen
type UserapiStoragePusher interface{ p3.Pusher }

// UserapiStorageThreePID is ThreePID of dendrite.
//
//go:generate go tool dualgen
type UserapiStorageThreePID interface{ p3.ThreePID }

// UserapiStorageNotification is Notification of dendrite.
//
//go:generate go tool dualgen
type UserapiStorageNotification interface{ p3.Notification }

// UserapiStorageStatistics is Statistics of dendrite.
//
//go:generate go tool dualgen
type UserapiStorageStatistics interface{ p3.Statistics }

// UserapiStorageKeyDatabase is KeyDatabase of dendrite.
//
//go:generate go tool dualgen
type UserapiStorageKeyDatabase interface{ p3.KeyDatabase }

// MediaapiStorageMediaRepository is MediaRepository of dendrite.
//
//go:generate go tool dualgen
type MediaapiStorageMediaRepository interface{ p4.MediaRepository }

// MediaapiStorageThumbnails is Thumbnails of dendrite.
//
//go:generate go tool dualgen
type MediaapiStorageThumbnails interface{ p4.Thumbnails }

// RelayapiStorageDatabase is Database of dendrite.
//
//go:generate go tool dualgen
type RelayapiStorageDatabase interface{ p5.Database }

// FederationapiStorageDatabase is Database of dendrite.
//
//go:generate go tool dualgen
type FederationapiStorageDatabase interface{ p6.Database }

// ContextStoreReader is Reader of docker cli.
//
//go:generate go tool dualgen
type ContextStoreReader interface{ p7.Reader }

// ContextStoreWriter is Writer of docker cli.
//
//go:generate go tool dualgen
type ContextStoreWriter interface{ p7.Writer }

// ConfigCredentialsStore is Store of docker cli.
//
//go:generate go tool dualgen
type ConfigCredentialsStore interface{ p8.Store }

// ManifestStoreStore is Store of docker cli.
//
//go:generate go tool dualgen
type ManifestStoreStore interface{ p9.Store }

// DockerImageStore is Store of Docker.
//
//go:generate go tool dualgen
type DockerImageStore interface{ p10.Store }

// DockerLayerStore is Store of Docker.
//
//go:generate go tool dualgen
type DockerLayerStore interface{ p11.Store }

// DockerReferenceStore is Store of Docker.
//
//go:generate go tool dualgen
type DockerReferenceStore interface{ p12.Store }

// DistributionMetadataStore is Store of Docker.
//
//go:generate go tool dualgen
type DistributionMetadataStore interface{ p13.Store }

// DistributionMetadataV2MetadataService is V2MetadataService of Docker.
//
//go:generate go tool dualgen
type DistributionMetadataV2MetadataService interface{ p13.V2MetadataService }

// DockerClientSecretAPIClient is SecretAPIClient of Docker.
//
//go:generate go tool dualgen
type DockerClientSecretAPIClient interface{ p14.SecretAPIClient }

// DockerClientConfigAPIClient is ConfigAPIClient of Docker.
//
//go:generate go tool dualgen
type DockerClientConfigAPIClient interface{ p14.ConfigAPIClient }

// DockerClientVolumeAPIClient is VolumeAPIClient of Docker.
//
//go:generate go tool dualgen
type DockerClientVolumeAPIClient interface{ p14.VolumeAPIClient }

// DockerClientNetworkAPIClient is NetworkAPIClient of Docker.
//
//go:generate go tool dualgen
type DockerClientNetworkAPIClient interface{ p14.NetworkAPIClient }

// V3AuthAuthStore is AuthStore of etcd.
//
//go:generate go tool dualgen
type V3AuthAuthStore interface{ p15.AuthStore }

// V3LeaseLessor is Lessor of etcd.
//
//go:generate go tool dualgen
type V3LeaseLessor interface{ p16.Lessor }

// ApiV2storeStore is Store of etcd.
//
//go:generate go tool dualgen
type ApiV2storeStore interface{ p17.Store }

// GoWorkflowsBackendBackend is Backend of go-workflows.
//
//go:generate go tool dualgen
type GoWorkflowsBackendBackend interface{ p18.Backend }

// StorageDriverDriver is Driver of Helm.
//
//go:generate go tool dualgen
type StorageDriverDriver interface{ p19.Driver }

// V2ClientStorage is Storage of hydra.
//
//go:generate go tool dualgen
type V2ClientStorage interface{ p20.Storage }

// V2ClientManager is Manager of hydra.
//
//go:generate go tool dualgen
type V2ClientManager interface{ p20.Manager }

// V2JwkManager is Manager of hydra.
//
//go:generate go tool dualgen
type V2JwkManager interface{ p21.Manager }

// Oauth2TrustGrantManager is GrantManager of hydra.
//
//go:generate go tool dualgen
type Oauth2TrustGrantManager interface{ p22.GrantManager }

// V2ConsentManager is Manager of hydra.
//
//go:generate go tool dualgen
type V2ConsentManager interface{ p23.Manager }

// PkgStorageStore is Store of Inbucket.
//
//go:generate go tool dualgen
type PkgStorageStore interface{ p24.Store }

// PkgMessageManager is Manager of Inbucket.
//
//go:generate go tool dualgen
type PkgMessageManager interface{ p25.Manager }

// InfluxdbCoordinatorMetaClient is MetaClient of InfluxDB.
//
//go:generate go tool dualgen
type InfluxdbCoordinatorMetaClient interface{ p26.MetaClient }

// InfluxdbCoordinatorTSDBStore is TSDBStore of InfluxDB.
//
//go:generate go tool dualgen
type InfluxdbCoordinatorTSDBStore interface{ p26.TSDBStore }

// PkgServerBackend is Backend of kine.
//
//go:generate go tool dualgen
type PkgServerBackend interface{ p27.Backend }

// MautrixCryptoStore is Store of mautrix.
//
//go:generate go tool dualgen
type MautrixCryptoStore interface{ p28.Store }

// GoMautrixSyncStore is SyncStore of mautrix.
//
//go:generate go tool dualgen
type GoMautrixSyncStore interface{ p29.SyncStore }

// CryptoVerificationhelperVerificationStore is VerificationStore of mautrix.
//
//go:generate go tool dualgen
type CryptoVerificationhelperVerificationStore interface{ p30.VerificationStore }

// GoMautrixStateStore is StateStore of mautrix.
//
//go:generate go tool dualgen
type GoMautrixStateStore interface{ p29.StateStore }

// GoPodmanIoStorageStore is Store of Podman.
//
//go:generate go tool dualgen
type GoPodmanIoStorageStore interface{ p31.Store }

// RiverRiverdriverExecutor is Executor of River.
//
//go:generate go tool dualgen
type RiverRiverdriverExecutor interface{ p32.Executor }

// ServerDatastoreDataStore is DataStore of spire.
//
//go:generate go tool dualgen
type ServerDatastoreDataStore interface{ p33.DataStore }

// AgentStorageStorage is Storage of spire.
//
//go:generate go tool dualgen
type AgentStorageStorage interface{ p34.Storage }

// OciCasEngine is Engine of umoci.
//
//go:generate go tool dualgen
type OciCasEngine interface{ p35.Engine }

// PkgOpAuthStorage is AuthStorage of zitadel.
//
//go:generate go tool dualgen
type PkgOpAuthStorage interface{ p36.AuthStorage }

// PkgOpOPStorage is OPStorage of zitadel.
//
//go:generate go tool dualgen
type PkgOpOPStorage interface{ p36.OPStorage }

// PkgOpTokenExchangeStorage is TokenExchangeStorage of zitadel.
//
//go:generate go tool dualgen
type PkgOpTokenExchangeStorage interface{ p36.TokenExchangeStorage }

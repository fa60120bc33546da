// Package labelled names interfaces of other projects that have labels in this directory. Nothing is built from it: dualgen reads
// their types, and people have read the code behind them.
package labelled

import (
	p1 "github.com/centrifugal/centrifuge"
	p2 "github.com/crewjam/saml/samlidp"
	p19 "github.com/cschleiden/go-workflows/backend"
	p9 "github.com/docker/cli/cli/config/credentials"
	p8 "github.com/docker/cli/cli/context/store"
	p10 "github.com/docker/cli/cli/manifest/store"
	p15 "github.com/docker/docker/client"
	p14 "github.com/docker/docker/distribution/metadata"
	p11 "github.com/docker/docker/image"
	p12 "github.com/docker/docker/layer"
	p13 "github.com/docker/docker/reference"
	p26 "github.com/inbucket/inbucket/v3/pkg/message"
	p25 "github.com/inbucket/inbucket/v3/pkg/storage"
	p27 "github.com/influxdata/influxdb/coordinator"
	p28 "github.com/k3s-io/kine/pkg/server"
	p0 "github.com/letsencrypt/boulder/sa/proto"
	p7 "github.com/matrix-org/dendrite/federationapi/storage"
	p4 "github.com/matrix-org/dendrite/mediaapi/storage"
	p5 "github.com/matrix-org/dendrite/relayapi/storage"
	p6 "github.com/matrix-org/dendrite/setup/mscs/msc2836"
	p3 "github.com/matrix-org/dendrite/userapi/storage"
	p36 "github.com/opencontainers/umoci/oci/cas"
	p21 "github.com/ory/hydra/v2/client"
	p24 "github.com/ory/hydra/v2/consent"
	p22 "github.com/ory/hydra/v2/jwk"
	p23 "github.com/ory/hydra/v2/oauth2/trust"
	p33 "github.com/riverqueue/river/riverdriver"
	p35 "github.com/spiffe/spire/pkg/agent/storage"
	p34 "github.com/spiffe/spire/pkg/server/datastore"
	p37 "github.com/zitadel/oidc/v3/pkg/op"
	p16 "go.etcd.io/etcd/server/v3/auth"
	p18 "go.etcd.io/etcd/server/v3/etcdserver/api/v2store"
	p17 "go.etcd.io/etcd/server/v3/lease"
	p32 "go.podman.io/storage"
	p20 "helm.sh/helm/v3/pkg/storage/driver"
	p30 "maunium.net/go/mautrix"
	p29 "maunium.net/go/mautrix/crypto"
	p31 "maunium.net/go/mautrix/crypto/verificationhelper"
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

// MscsMsc2836Database is Database of dendrite.
//
//go:generate go tool dualgen
type MscsMsc2836Database interface{ p6.Database }

// FederationapiStorageDatabase is Database of dendrite.
//
//go:generate go tool dualgen
type FederationapiStorageDatabase interface{ p7.Database }

// ContextStoreReader is Reader of docker cli.
//
//go:generate go tool dualgen
type ContextStoreReader interface{ p8.Reader }

// ContextStoreWriter is Writer of docker cli.
//
//go:generate go tool dualgen
type ContextStoreWriter interface{ p8.Writer }

// ConfigCredentialsStore is Store of docker cli.
//
//go:generate go tool dualgen
type ConfigCredentialsStore interface{ p9.Store }

// ManifestStoreStore is Store of docker cli.
//
//go:generate go tool dualgen
type ManifestStoreStore interface{ p10.Store }

// DockerImageStore is Store of Docker.
//
//go:generate go tool dualgen
type DockerImageStore interface{ p11.Store }

// DockerLayerStore is Store of Docker.
//
//go:generate go tool dualgen
type DockerLayerStore interface{ p12.Store }

// DockerReferenceStore is Store of Docker.
//
//go:generate go tool dualgen
type DockerReferenceStore interface{ p13.Store }

// DistributionMetadataStore is Store of Docker.
//
//go:generate go tool dualgen
type DistributionMetadataStore interface{ p14.Store }

// DistributionMetadataV2MetadataService is V2MetadataService of Docker.
//
//go:generate go tool dualgen
type DistributionMetadataV2MetadataService interface{ p14.V2MetadataService }

// DockerClientSecretAPIClient is SecretAPIClient of Docker.
//
//go:generate go tool dualgen
type DockerClientSecretAPIClient interface{ p15.SecretAPIClient }

// DockerClientConfigAPIClient is ConfigAPIClient of Docker.
//
//go:generate go tool dualgen
type DockerClientConfigAPIClient interface{ p15.ConfigAPIClient }

// DockerClientVolumeAPIClient is VolumeAPIClient of Docker.
//
//go:generate go tool dualgen
type DockerClientVolumeAPIClient interface{ p15.VolumeAPIClient }

// DockerClientNetworkAPIClient is NetworkAPIClient of Docker.
//
//go:generate go tool dualgen
type DockerClientNetworkAPIClient interface{ p15.NetworkAPIClient }

// V3AuthAuthStore is AuthStore of etcd.
//
//go:generate go tool dualgen
type V3AuthAuthStore interface{ p16.AuthStore }

// V3LeaseLessor is Lessor of etcd.
//
//go:generate go tool dualgen
type V3LeaseLessor interface{ p17.Lessor }

// ApiV2storeStore is Store of etcd.
//
//go:generate go tool dualgen
type ApiV2storeStore interface{ p18.Store }

// GoWorkflowsBackendBackend is Backend of go-workflows.
//
//go:generate go tool dualgen
type GoWorkflowsBackendBackend interface{ p19.Backend }

// StorageDriverDriver is Driver of Helm.
//
//go:generate go tool dualgen
type StorageDriverDriver interface{ p20.Driver }

// V2ClientStorage is Storage of hydra.
//
//go:generate go tool dualgen
type V2ClientStorage interface{ p21.Storage }

// V2ClientManager is Manager of hydra.
//
//go:generate go tool dualgen
type V2ClientManager interface{ p21.Manager }

// V2JwkManager is Manager of hydra.
//
//go:generate go tool dualgen
type V2JwkManager interface{ p22.Manager }

// Oauth2TrustGrantManager is GrantManager of hydra.
//
//go:generate go tool dualgen
type Oauth2TrustGrantManager interface{ p23.GrantManager }

// V2ConsentManager is Manager of hydra.
//
//go:generate go tool dualgen
type V2ConsentManager interface{ p24.Manager }

// PkgStorageStore is Store of Inbucket.
//
//go:generate go tool dualgen
type PkgStorageStore interface{ p25.Store }

// PkgMessageManager is Manager of Inbucket.
//
//go:generate go tool dualgen
type PkgMessageManager interface{ p26.Manager }

// InfluxdbCoordinatorMetaClient is MetaClient of InfluxDB.
//
//go:generate go tool dualgen
type InfluxdbCoordinatorMetaClient interface{ p27.MetaClient }

// InfluxdbCoordinatorTSDBStore is TSDBStore of InfluxDB.
//
//go:generate go tool dualgen
type InfluxdbCoordinatorTSDBStore interface{ p27.TSDBStore }

// PkgServerBackend is Backend of kine.
//
//go:generate go tool dualgen
type PkgServerBackend interface{ p28.Backend }

// MautrixCryptoStore is Store of mautrix.
//
//go:generate go tool dualgen
type MautrixCryptoStore interface{ p29.Store }

// GoMautrixSyncStore is SyncStore of mautrix.
//
//go:generate go tool dualgen
type GoMautrixSyncStore interface{ p30.SyncStore }

// CryptoVerificationhelperVerificationStore is VerificationStore of mautrix.
//
//go:generate go tool dualgen
type CryptoVerificationhelperVerificationStore interface{ p31.VerificationStore }

// GoMautrixStateStore is StateStore of mautrix.
//
//go:generate go tool dualgen
type GoMautrixStateStore interface{ p30.StateStore }

// GoPodmanIoStorageStore is Store of Podman.
//
//go:generate go tool dualgen
type GoPodmanIoStorageStore interface{ p32.Store }

// RiverRiverdriverExecutor is Executor of River.
//
//go:generate go tool dualgen
type RiverRiverdriverExecutor interface{ p33.Executor }

// ServerDatastoreDataStore is DataStore of spire.
//
//go:generate go tool dualgen
type ServerDatastoreDataStore interface{ p34.DataStore }

// AgentStorageStorage is Storage of spire.
//
//go:generate go tool dualgen
type AgentStorageStorage interface{ p35.Storage }

// OciCasEngine is Engine of umoci.
//
//go:generate go tool dualgen
type OciCasEngine interface{ p36.Engine }

// PkgOpAuthStorage is AuthStorage of zitadel.
//
//go:generate go tool dualgen
type PkgOpAuthStorage interface{ p37.AuthStorage }

// PkgOpOPStorage is OPStorage of zitadel.
//
//go:generate go tool dualgen
type PkgOpOPStorage interface{ p37.OPStorage }

// PkgOpTokenExchangeStorage is TokenExchangeStorage of zitadel.
//
//go:generate go tool dualgen
type PkgOpTokenExchangeStorage interface{ p37.TokenExchangeStorage }

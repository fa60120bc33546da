// Package plain names the interfaces of this module that have labels, without a directive.
package plain

import (
	p29 "code.gitea.io/gitea/modules/cache"
	p28 "code.gitea.io/gitea/modules/storage"
	p34 "crypto/tls"
	p32 "github.com/ProtonMail/gluon/store"
	p56 "github.com/alexedwards/scs/v2"
	p3 "github.com/caddyserver/certmagic"
	p1 "github.com/casbin/casbin/v2/persist"
	p2 "github.com/casbin/casbin/v2/persist/cache"
	p4 "github.com/cloudflare/cfssl/certdb"
	p6 "github.com/containerd/containerd/v2/core/containers"
	p11 "github.com/containerd/containerd/v2/core/content"
	p5 "github.com/containerd/containerd/v2/core/images"
	p8 "github.com/containerd/containerd/v2/core/leases"
	p10 "github.com/containerd/containerd/v2/core/remotes/docker"
	p7 "github.com/containerd/containerd/v2/core/sandbox"
	p9 "github.com/containerd/containerd/v2/pkg/namespaces"
	p12 "github.com/containerd/containerd/v2/plugins/content/local"
	p16 "github.com/dexidp/dex/storage"
	p17 "github.com/distribution/distribution/v3"
	p50 "github.com/eclipse/paho.mqtt.golang"
	p19 "github.com/ethereum/go-ethereum/signer/storage"
	p31 "github.com/go-git/go-git/v5/config"
	p30 "github.com/go-git/go-git/v5/plumbing/storer"
	p47 "github.com/go-oauth2/oauth2/v4"
	p21 "github.com/gofiber/fiber/v2"
	p37 "github.com/gohugoio/hugo/tpl"
	p14 "github.com/google/certificate-transparency-go/trillian/ctfe/cache"
	p13 "github.com/google/certificate-transparency-go/trillian/ctfe/storage"
	p63 "github.com/google/trillian/storage"
	p36 "github.com/gregjones/httpcache"
	p54 "github.com/hashicorp/raft"
	p64 "github.com/hashicorp/vault/sdk/logical"
	p65 "github.com/hashicorp/vault/sdk/physical"
	p15 "github.com/ipfs/go-datastore"
	p38 "github.com/kataras/iris/v12/sessions"
	p41 "github.com/launchdarkly/go-server-sdk/v7/subsystems"
	p51 "github.com/libp2p/go-libp2p/core/peerstore"
	p43 "github.com/nats-io/nats-server/v2/server"
	p49 "github.com/openfga/openfga/pkg/storage"
	p22 "github.com/ory/fosite"
	p23 "github.com/ory/fosite/handler/oauth2"
	p24 "github.com/ory/fosite/handler/openid"
	p25 "github.com/ory/fosite/handler/pkce"
	p26 "github.com/ory/fosite/handler/rfc7523"
	p27 "github.com/ory/fosite/handler/verifiable"
	p18 "github.com/pion/dtls/v3"
	p53 "github.com/quic-go/quic-go"
	p20 "github.com/rclone/gofakes3"
	p55 "github.com/rclone/rclone/fs/config"
	p58 "github.com/smallstep/certificates/acme"
	p57 "github.com/smallstep/certificates/authority/admin"
	p60 "github.com/smallstep/certificates/db"
	p59 "github.com/smallstep/nosql/database"
	p33 "github.com/sony/gobreaker/v2"
	p48 "github.com/thanos-io/objstore"
	p45 "github.com/theupdateframework/notary/server/storage"
	p46 "github.com/theupdateframework/notary/storage"
	p44 "github.com/theupdateframework/notary/trustmanager"
	p42 "github.com/ulule/limiter/v3"
	p66 "go.mau.fi/whatsmeow/store"
	p62 "go.step.sm/crypto/tpm/storage"
	p0 "golang.org/x/crypto/acme/autocert"
	p40 "k8s.io/client-go/kubernetes/typed/core/v1"
	p39 "k8s.io/client-go/tools/cache"
	p35 "net/http"
	p52 "sigs.k8s.io/prow/pkg/client/clientset/versioned/typed/prowjobs/v1"
	p61 "storj.io/common/peertls/extensions"
)

// AcmeAutocertCache is Cache of x/crypto.
//
//go:generate go tool dualgen
type AcmeAutocertCache interface{ p0.Cache }

// V2PersistAdapter is Adapter of casbin.
//
//go:generate go tool dualgen
type V2PersistAdapter interface{ p1.Adapter }

// V2PersistBatchAdapter is BatchAdapter of casbin.
//
//go:generate go tool dualgen
type V2PersistBatchAdapter interface{ p1.BatchAdapter }

// V2PersistUpdatableAdapter is UpdatableAdapter of casbin.
//
//go:generate go tool dualgen
type V2PersistUpdatableAdapter interface{ p1.UpdatableAdapter }

// V2PersistContextAdapter is ContextAdapter of casbin.
//
//go:generate go tool dualgen
type V2PersistContextAdapter interface{ p1.ContextAdapter }

// V2PersistFilteredAdapter is FilteredAdapter of casbin.
//
//go:generate go tool dualgen
type V2PersistFilteredAdapter interface{ p1.FilteredAdapter }

// PersistCacheCache is Cache of casbin.
//
//go:generate go tool dualgen
type PersistCacheCache interface{ p2.Cache }

// V2PersistContextBatchAdapter is ContextBatchAdapter of casbin.
//
//go:generate go tool dualgen
type V2PersistContextBatchAdapter interface{ p1.ContextBatchAdapter }

// V2PersistContextUpdatableAdapter is ContextUpdatableAdapter of casbin.
//
//go:generate go tool dualgen
type V2PersistContextUpdatableAdapter interface{ p1.ContextUpdatableAdapter }

// CaddyserverCertmagicStorage is Storage of certmagic.
//
//go:generate go tool dualgen
type CaddyserverCertmagicStorage interface{ p3.Storage }

// CfsslCertdbAccessor is Accessor of cfssl.
//
//go:generate go tool dualgen
type CfsslCertdbAccessor interface{ p4.Accessor }

// CoreImagesStore is Store of containerd.
//
//go:generate go tool dualgen
type CoreImagesStore interface{ p5.Store }

// CoreContainersStore is Store of containerd.
//
//go:generate go tool dualgen
type CoreContainersStore interface{ p6.Store }

// CoreSandboxStore is Store of containerd.
//
//go:generate go tool dualgen
type CoreSandboxStore interface{ p7.Store }

// CoreLeasesManager is Manager of containerd.
//
//go:generate go tool dualgen
type CoreLeasesManager interface{ p8.Manager }

// PkgNamespacesStore is Store of containerd.
//
//go:generate go tool dualgen
type PkgNamespacesStore interface{ p9.Store }

// RemotesDockerStatusTracker is StatusTracker of containerd.
//
//go:generate go tool dualgen
type RemotesDockerStatusTracker interface{ p10.StatusTracker }

// CoreContentManager is Manager of containerd.
//
//go:generate go tool dualgen
type CoreContentManager interface{ p11.Manager }

// ContentLocalLabelStore is LabelStore of containerd.
//
//go:generate go tool dualgen
type ContentLocalLabelStore interface{ p12.LabelStore }

// CtfeStorageIssuanceChainStorage is IssuanceChainStorage of certificate-transparency-go.
//
//go:generate go tool dualgen
type CtfeStorageIssuanceChainStorage interface{ p13.IssuanceChainStorage }

// CtfeCacheIssuanceChainCache is IssuanceChainCache of certificate-transparency-go.
//
//go:generate go tool dualgen
type CtfeCacheIssuanceChainCache interface{ p14.IssuanceChainCache }

// IpfsGoDatastoreDatastore is Datastore of go-datastore.
//
//go:generate go tool dualgen
type IpfsGoDatastoreDatastore interface{ p15.Datastore }

// DexStorageStorage is Storage of dex.
//
//go:generate go tool dualgen
type DexStorageStorage interface{ p16.Storage }

// DistributionV3TagService is TagService of distribution.
//
//go:generate go tool dualgen
type DistributionV3TagService interface{ p17.TagService }

// DistributionV3BlobDescriptorService is BlobDescriptorService of distribution.
//
//go:generate go tool dualgen
type DistributionV3BlobDescriptorService interface{ p17.BlobDescriptorService }

// DistributionV3ManifestService is ManifestService of distribution.
//
//go:generate go tool dualgen
type DistributionV3ManifestService interface{ p17.ManifestService }

// DtlsV3SessionStore is SessionStore of pion.
//
//go:generate go tool dualgen
type DtlsV3SessionStore interface{ p18.SessionStore }

// SignerStorageStorage is Storage of go-ethereum.
//
//go:generate go tool dualgen
type SignerStorageStorage interface{ p19.Storage }

// RcloneGofakes3Backend is Backend of gofakes3.
//
//go:generate go tool dualgen
type RcloneGofakes3Backend interface{ p20.Backend }

// FiberV2Storage is Storage of fiber.
//
//go:generate go tool dualgen
type FiberV2Storage interface{ p21.Storage }

// OryFositeClientManager is ClientManager of fosite.
//
//go:generate go tool dualgen
type OryFositeClientManager interface{ p22.ClientManager }

// OryFositePARStorage is PARStorage of fosite.
//
//go:generate go tool dualgen
type OryFositePARStorage interface{ p22.PARStorage }

// HandlerOauth2CoreStorage is CoreStorage of fosite.
//
//go:generate go tool dualgen
type HandlerOauth2CoreStorage interface{ p23.CoreStorage }

// HandlerOpenidOpenIDConnectRequestStorage is OpenIDConnectRequestStorage of fosite.
//
//go:generate go tool dualgen
type HandlerOpenidOpenIDConnectRequestStorage interface {
	p24.OpenIDConnectRequestStorage
}

// HandlerPkcePKCERequestStorage is PKCERequestStorage of fosite.
//
//go:generate go tool dualgen
type HandlerPkcePKCERequestStorage interface{ p25.PKCERequestStorage }

// HandlerRfc7523RFC7523KeyStorage is RFC7523KeyStorage of fosite.
//
//go:generate go tool dualgen
type HandlerRfc7523RFC7523KeyStorage interface{ p26.RFC7523KeyStorage }

// HandlerOauth2TokenRevocationStorage is TokenRevocationStorage of fosite.
//
//go:generate go tool dualgen
type HandlerOauth2TokenRevocationStorage interface{ p23.TokenRevocationStorage }

// HandlerVerifiableNonceManager is NonceManager of fosite.
//
//go:generate go tool dualgen
type HandlerVerifiableNonceManager interface{ p27.NonceManager }

// ModulesStorageObjectStorage is ObjectStorage of Gitea.
//
//go:generate go tool dualgen
type ModulesStorageObjectStorage interface{ p28.ObjectStorage }

// ModulesCacheStringCache is StringCache of Gitea.
//
//go:generate go tool dualgen
type ModulesCacheStringCache interface{ p29.StringCache }

// PlumbingStorerReferenceStorer is ReferenceStorer of go-git.
//
//go:generate go tool dualgen
type PlumbingStorerReferenceStorer interface{ p30.ReferenceStorer }

// PlumbingStorerIndexStorer is IndexStorer of go-git.
//
//go:generate go tool dualgen
type PlumbingStorerIndexStorer interface{ p30.IndexStorer }

// PlumbingStorerShallowStorer is ShallowStorer of go-git.
//
//go:generate go tool dualgen
type PlumbingStorerShallowStorer interface{ p30.ShallowStorer }

// V5ConfigConfigStorer is ConfigStorer of go-git.
//
//go:generate go tool dualgen
type V5ConfigConfigStorer interface{ p31.ConfigStorer }

// GluonStoreStore is Store of gluon.
//
//go:generate go tool dualgen
type GluonStoreStore interface{ p32.Store }

// GobreakerV2SharedDataStore is SharedDataStore of gobreaker.
//
//go:generate go tool dualgen
type GobreakerV2SharedDataStore interface{ p33.SharedDataStore }

// CryptoTlsClientSessionCache is ClientSessionCache of Go.
//
//go:generate go tool dualgen
type CryptoTlsClientSessionCache interface{ p34.ClientSessionCache }

// NetHttpCookieJar is CookieJar of Go.
//
//go:generate go tool dualgen
type NetHttpCookieJar interface{ p35.CookieJar }

// GregjonesHttpcacheCache is Cache of httpcache.
//
//go:generate go tool dualgen
type GregjonesHttpcacheCache interface{ p36.Cache }

// HugoTplTemplateManager is TemplateManager of Hugo.
//
//go:generate go tool dualgen
type HugoTplTemplateManager interface{ p37.TemplateManager }

// V12SessionsDatabase is Database of iris.
//
//go:generate go tool dualgen
type V12SessionsDatabase interface{ p38.Database }

// ToolsCacheStore is Store of client-go.
//
//go:generate go tool dualgen
type ToolsCacheStore interface{ p39.Store }

// ToolsCacheThreadSafeStore is ThreadSafeStore of client-go.
//
//go:generate go tool dualgen
type ToolsCacheThreadSafeStore interface{ p39.ThreadSafeStore }

// ToolsCacheIndexer is Indexer of client-go.
//
//go:generate go tool dualgen
type ToolsCacheIndexer interface{ p39.Indexer }

// CoreV1SecretInterface is SecretInterface of client-go.
//
//go:generate go tool dualgen
type CoreV1SecretInterface interface{ p40.SecretInterface }

// CoreV1ConfigMapInterface is ConfigMapInterface of client-go.
//
//go:generate go tool dualgen
type CoreV1ConfigMapInterface interface{ p40.ConfigMapInterface }

// V7SubsystemsPersistentDataStore is PersistentDataStore of LaunchDarkly SDK.
//
//go:generate go tool dualgen
type V7SubsystemsPersistentDataStore interface{ p41.PersistentDataStore }

// V7SubsystemsBigSegmentStore is BigSegmentStore of LaunchDarkly SDK.
//
//go:generate go tool dualgen
type V7SubsystemsBigSegmentStore interface{ p41.BigSegmentStore }

// V7SubsystemsDataStore is DataStore of LaunchDarkly SDK.
//
//go:generate go tool dualgen
type V7SubsystemsDataStore interface{ p41.DataStore }

// LimiterV3Store is Store of limiter.
//
//go:generate go tool dualgen
type LimiterV3Store interface{ p42.Store }

// V2ServerConsumerStore is ConsumerStore of NATS.
//
//go:generate go tool dualgen
type V2ServerConsumerStore interface{ p43.ConsumerStore }

// NotaryTrustmanagerKeyStore is KeyStore of notary.
//
//go:generate go tool dualgen
type NotaryTrustmanagerKeyStore interface{ p44.KeyStore }

// NotaryTrustmanagerStorage is Storage of notary.
//
//go:generate go tool dualgen
type NotaryTrustmanagerStorage interface{ p44.Storage }

// ServerStorageMetaStore is MetaStore of notary.
//
//go:generate go tool dualgen
type ServerStorageMetaStore interface{ p45.MetaStore }

// ServerStorageKeyStore is KeyStore of notary.
//
//go:generate go tool dualgen
type ServerStorageKeyStore interface{ p45.KeyStore }

// NotaryStorageMetadataStore is MetadataStore of notary.
//
//go:generate go tool dualgen
type NotaryStorageMetadataStore interface{ p46.MetadataStore }

// Oauth2V4ClientStore is ClientStore of go-oauth2.
//
//go:generate go tool dualgen
type Oauth2V4ClientStore interface{ p47.ClientStore }

// Oauth2V4TokenStore is TokenStore of go-oauth2.
//
//go:generate go tool dualgen
type Oauth2V4TokenStore interface{ p47.TokenStore }

// ThanosIoObjstoreBucket is Bucket of objstore.
//
//go:generate go tool dualgen
type ThanosIoObjstoreBucket interface{ p48.Bucket }

// PkgStorageStoresBackend is StoresBackend of OpenFGA.
//
//go:generate go tool dualgen
type PkgStorageStoresBackend interface{ p49.StoresBackend }

// PkgStorageAssertionsBackend is AssertionsBackend of OpenFGA.
//
//go:generate go tool dualgen
type PkgStorageAssertionsBackend interface{ p49.AssertionsBackend }

// PkgStorageAuthorizationModelBackend is AuthorizationModelBackend of OpenFGA.
//
//go:generate go tool dualgen
type PkgStorageAuthorizationModelBackend interface{ p49.AuthorizationModelBackend }

// PkgStorageOpenFGADatastore is OpenFGADatastore of OpenFGA.
//
//go:generate go tool dualgen
type PkgStorageOpenFGADatastore interface{ p49.OpenFGADatastore }

// EclipsePahoMqttGolangStore is Store of paho.
//
//go:generate go tool dualgen
type EclipsePahoMqttGolangStore interface{ p50.Store }

// CorePeerstorePeerMetadata is PeerMetadata of libp2p.
//
//go:generate go tool dualgen
type CorePeerstorePeerMetadata interface{ p51.PeerMetadata }

// CorePeerstoreKeyBook is KeyBook of libp2p.
//
//go:generate go tool dualgen
type CorePeerstoreKeyBook interface{ p51.KeyBook }

// CorePeerstoreProtoBook is ProtoBook of libp2p.
//
//go:generate go tool dualgen
type CorePeerstoreProtoBook interface{ p51.ProtoBook }

// ProwjobsV1ProwJobInterface is ProwJobInterface of Prow.
//
//go:generate go tool dualgen
type ProwjobsV1ProwJobInterface interface{ p52.ProwJobInterface }

// QuicGoQuicGoTokenStore is TokenStore of quic-go.
//
//go:generate go tool dualgen
type QuicGoQuicGoTokenStore interface{ p53.TokenStore }

// HashicorpRaftStableStore is StableStore of raft.
//
//go:generate go tool dualgen
type HashicorpRaftStableStore interface{ p54.StableStore }

// HashicorpRaftLogStore is LogStore of raft.
//
//go:generate go tool dualgen
type HashicorpRaftLogStore interface{ p54.LogStore }

// FsConfigStorage is Storage of rclone.
//
//go:generate go tool dualgen
type FsConfigStorage interface{ p55.Storage }

// ScsV2Store is Store of scs.
//
//go:generate go tool dualgen
type ScsV2Store interface{ p56.Store }

// ScsV2CtxStore is CtxStore of scs.
//
//go:generate go tool dualgen
type ScsV2CtxStore interface{ p56.CtxStore }

// AuthorityAdminDB is DB of step-ca.
//
//go:generate go tool dualgen
type AuthorityAdminDB interface{ p57.DB }

// CertificatesAcmeDB is DB of step-ca.
//
//go:generate go tool dualgen
type CertificatesAcmeDB interface{ p58.DB }

// NosqlDatabaseDB is DB of step-ca.
//
//go:generate go tool dualgen
type NosqlDatabaseDB interface{ p59.DB }

// CertificatesDbAuthDB is AuthDB of step-ca.
//
//go:generate go tool dualgen
type CertificatesDbAuthDB interface{ p60.AuthDB }

// CertificatesDbCertificateRevocationListDB is CertificateRevocationListDB of step-ca.
//
//go:generate go tool dualgen
type CertificatesDbCertificateRevocationListDB interface {
	p60.CertificateRevocationListDB
}

// CertificatesAcmeWireDB is WireDB of step-ca.
//
//go:generate go tool dualgen
type CertificatesAcmeWireDB interface{ p58.WireDB }

// PeertlsExtensionsRevocationDB is RevocationDB of storj.
//
//go:generate go tool dualgen
type PeertlsExtensionsRevocationDB interface{ p61.RevocationDB }

// TpmStorageTPMStore is TPMStore of step crypto.
//
//go:generate go tool dualgen
type TpmStorageTPMStore interface{ p62.TPMStore }

// TrillianStorageAdminTX is AdminTX of trillian.
//
//go:generate go tool dualgen
type TrillianStorageAdminTX interface{ p63.AdminTX }

// SdkLogicalStorage is Storage of vault.
//
//go:generate go tool dualgen
type SdkLogicalStorage interface{ p64.Storage }

// SdkPhysicalBackend is Backend of vault.
//
//go:generate go tool dualgen
type SdkPhysicalBackend interface{ p65.Backend }

// SdkPhysicalTransactionalBackend is TransactionalBackend of vault.
//
//go:generate go tool dualgen
type SdkPhysicalTransactionalBackend interface{ p65.TransactionalBackend }

// WhatsmeowStoreIdentityStore is IdentityStore of whatsmeow.
//
//go:generate go tool dualgen
type WhatsmeowStoreIdentityStore interface{ p66.IdentityStore }

// WhatsmeowStoreSessionStore is SessionStore of whatsmeow.
//
//go:generate go tool dualgen
type WhatsmeowStoreSessionStore interface{ p66.SessionStore }

// WhatsmeowStoreSenderKeyStore is SenderKeyStore of whatsmeow.
//
//go:generate go tool dualgen
type WhatsmeowStoreSenderKeyStore interface{ p66.SenderKeyStore }

// WhatsmeowStoreAppStateSyncKeyStore is AppStateSyncKeyStore of whatsmeow.
//
//go:generate go tool dualgen
type WhatsmeowStoreAppStateSyncKeyStore interface{ p66.AppStateSyncKeyStore }

// WhatsmeowStoreAppStateStore is AppStateStore of whatsmeow.
//
//go:generate go tool dualgen
type WhatsmeowStoreAppStateStore interface{ p66.AppStateStore }

// WhatsmeowStoreContactStore is ContactStore of whatsmeow.
//
//go:generate go tool dualgen
type WhatsmeowStoreContactStore interface{ p66.ContactStore }

// WhatsmeowStoreChatSettingsStore is ChatSettingsStore of whatsmeow.
//
//go:generate go tool dualgen
type WhatsmeowStoreChatSettingsStore interface{ p66.ChatSettingsStore }

// WhatsmeowStoreMsgSecretStore is MsgSecretStore of whatsmeow.
//
//go:generate go tool dualgen
type WhatsmeowStoreMsgSecretStore interface{ p66.MsgSecretStore }

// WhatsmeowStorePrivacyTokenStore is PrivacyTokenStore of whatsmeow.
//
//go:generate go tool dualgen
type WhatsmeowStorePrivacyTokenStore interface{ p66.PrivacyTokenStore }

// WhatsmeowStoreLIDStore is LIDStore of whatsmeow.
//
//go:generate go tool dualgen
type WhatsmeowStoreLIDStore interface{ p66.LIDStore }

// Package whatsappstore wraps what the chat client whatsmeow keeps of a device: keys, sessions, contacts and chats.
package whatsappstore

import (
	"context"

	"go.mau.fi/whatsmeow/store"
)

// Identities keeps which key a contact's device has.
//
//go:generate go tool dualgen
//dualgen:entity Identity key=address get=none put=none delete=none methods=IsTrustedIdentity
//dualgen:key DeleteAllIdentities none
//dualgen:mirror DeleteAllIdentities replay
type Identities interface{ store.IdentityStore }

// Sessions keeps encrypted sessions by the address of a contact's device.
//
//go:generate go tool dualgen
//dualgen:entity Session key=address get=none put=none delete=none methods=MigratePNToLID
//dualgen:write MigratePNToLID
//dualgen:key PutManySessions,DeleteAllSessions,MigratePNToLID none
//dualgen:mirror PutManySessions,DeleteAllSessions,MigratePNToLID replay
type Sessions interface{ store.SessionStore }

// SenderKeys keeps the keys of groups.
//
//go:generate go tool dualgen
//dualgen:entity SenderKey key=group,user get=none put=none delete=none
type SenderKeys interface{ store.SenderKeyStore }

// AppStateKey is a key with its identifier.
type AppStateKey struct {
	ID  []byte
	Key store.AppStateSyncKey
}

// AppStateKeys keeps the keys of the state that a user's devices share. One is replaced only by a later one.
//
//go:generate go tool dualgen
//dualgen:entity AppStateKey key=ID get=appStateKey put=putAppStateKey delete=none methods=PutAppStateSyncKey,GetAppStateSyncKey
//dualgen:read GetLatestAppStateSyncKeyID
type AppStateKeys interface{ store.AppStateSyncKeyStore }

func appStateKey(ctx context.Context, keys AppStateKeys, id []byte) (AppStateKey, bool, error) {
	found, err := keys.GetAppStateSyncKey(ctx, id)
	if err != nil || found == nil {
		return AppStateKey{}, false, err
	}
	return AppStateKey{id, *found}, true, nil
}

func putAppStateKey(ctx context.Context, keys AppStateKeys, key AppStateKey) error {
	return keys.PutAppStateSyncKey(ctx, key.ID, key.Key)
}

// AppState keeps the versions of that state, and hashes of what is in it.
//
//go:generate go tool dualgen
//dualgen:entity AppState key=name get=none put=none delete=none methods=PutAppStateVersion,GetAppStateVersion,DeleteAppStateVersion,PutAppStateMutationMACs,DeleteAppStateMutationMACs,GetAppStateMutationMAC
//dualgen:mirror PutAppStateMutationMACs,DeleteAppStateMutationMACs replay
type AppState interface{ store.AppStateStore }

// Contacts keeps contacts. Each write changes some of a contact's names.
//
//go:generate go tool dualgen
//dualgen:entity Contact key=user get=none put=none delete=none methods=PutPushName,PutBusinessName,PutContactName,PutAllContactNames,PutManyRedactedPhones,GetContact
//dualgen:key PutAllContactNames each contacts.JID
//dualgen:key PutManyRedactedPhones each entries.JID
//dualgen:mirror PutPushName,PutBusinessName,PutContactName,PutAllContactNames,PutManyRedactedPhones replay
type Contacts interface{ store.ContactStore }

// Chats keeps the settings of chats. Each write changes one of them.
//
//go:generate go tool dualgen
//dualgen:entity Chat key=chat get=none put=none delete=none methods=PutMutedUntil,PutPinned,PutArchived,GetChatSettings
//dualgen:mirror PutMutedUntil,PutPinned,PutArchived replay
type Chats interface{ store.ChatSettingsStore }

// Secrets keeps the secrets of messages. One is never replaced.
//
//go:generate go tool dualgen
//dualgen:entity Secret key=chat,sender,id get=none put=none delete=none methods=PutMessageSecret,PutMessageSecrets,GetMessageSecret
//dualgen:key PutMessageSecrets each inserts.Chat,inserts.Sender,inserts.ID
type Secrets interface{ store.MsgSecretStore }

// PrivacyTokens keeps what contacts gave the user to be shown that he is online.
//
//go:generate go tool dualgen
//dualgen:entity PrivacyToken key=User get=GetPrivacyToken put=PutPrivacyTokens delete=none
type PrivacyTokens interface{ store.PrivacyTokenStore }

// Names keeps which phone number belongs to which hidden name. A pair replaces others of either: they are one whole.
//
//go:generate go tool dualgen
//dualgen:entity Names key=none get=none put=none delete=none methods=PutManyLIDMappings,PutLIDMapping,GetPNForLID,GetLIDForPN,GetManyLIDsForPNs
//dualgen:mirror PutManyLIDMappings,PutLIDMapping replay
type Names interface{ store.LIDStore }

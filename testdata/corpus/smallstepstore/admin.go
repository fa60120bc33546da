package smallstepstore

import (
	"context"
	"errors"

	"github.com/smallstep/certificates/authority/admin"
	"github.com/smallstep/linkedca"
	"google.golang.org/protobuf/proto"
)

// Record is an encoded message. The messages themselves hold locks and are not copied.
type Record struct {
	ID   string
	Data []byte
}

// ProvisionerRecord is a provisioner.
type ProvisionerRecord Record

// AdminRecord is an administrator.
type AdminRecord Record

// PolicyRecord is the policy of the authority.
type PolicyRecord Record

// Admin keeps who may administer the authority, and how certificates are provisioned. The store makes the identifiers.
//
//go:generate go tool dualgen
//dualgen:entity ProvisionerRecord key=ID get=provisioner put=putProvisioner delete=DeleteProvisioner methods=CreateProvisioner,UpdateProvisioner,GetProvisioner,GetProvisioners
//dualgen:entity AdminRecord key=ID get=administrator put=putAdministrator delete=DeleteAdmin methods=CreateAdmin,UpdateAdmin,GetAdmin,GetAdmins
//dualgen:entity PolicyRecord key=none get=policy put=putPolicy delete=DeleteAuthorityPolicy methods=CreateAuthorityPolicy,UpdateAuthorityPolicy,GetAuthorityPolicy
//dualgen:key CreateProvisioner out prov.Id
//dualgen:key UpdateProvisioner prov.Id
//dualgen:key CreateAdmin out admin.Id
//dualgen:key UpdateAdmin admin.Id
type Admin interface{ admin.DB }

func provisioner(ctx context.Context, db Admin, id string) (ProvisionerRecord, bool, error) {
	found, err := db.GetProvisioner(ctx, id)
	record, ok, err := encode(id, found, err)
	return ProvisionerRecord(record), ok, err
}

// putProvisioner changes a provisioner. It cannot create one under a given identifier: see why in corpus.txt.
func putProvisioner(ctx context.Context, db Admin, record ProvisionerRecord) error {
	var message linkedca.Provisioner
	if err := proto.Unmarshal(record.Data, &message); err != nil {
		return err
	}
	return db.UpdateProvisioner(ctx, &message)
}

func administrator(ctx context.Context, db Admin, id string) (AdminRecord, bool, error) {
	found, err := db.GetAdmin(ctx, id)
	record, ok, err := encode(id, found, err)
	return AdminRecord(record), ok, err
}

// putAdministrator changes an administrator, as putProvisioner changes a provisioner.
func putAdministrator(ctx context.Context, db Admin, record AdminRecord) error {
	var message linkedca.Admin
	if err := proto.Unmarshal(record.Data, &message); err != nil {
		return err
	}
	return db.UpdateAdmin(ctx, &message)
}

func policy(ctx context.Context, db Admin) (PolicyRecord, bool, error) {
	found, err := db.GetAuthorityPolicy(ctx)
	record, ok, err := encode("", found, err)
	return PolicyRecord(record), ok, err
}

func putPolicy(ctx context.Context, db Admin, record PolicyRecord) error {
	var message linkedca.Policy
	if err := proto.Unmarshal(record.Data, &message); err != nil {
		return err
	}
	err := db.UpdateAuthorityPolicy(ctx, &message)
	if isNotFound(err) {
		return db.CreateAuthorityPolicy(ctx, &message)
	}
	return err
}

// encode makes a record of what a store answers.
func encode(id string, message proto.Message, err error) (Record, bool, error) {
	if isNotFound(err) {
		return Record{}, false, nil
	}
	if err != nil {
		return Record{}, false, err
	}
	data, err := proto.MarshalOptions{Deterministic: true}.Marshal(message)
	return Record{ID: id, Data: data}, err == nil, err
}

// isNotFound reports whether a store says that there is nothing.
func isNotFound(err error) bool {
	var problem *admin.Error
	return errors.As(err, &problem) && problem.IsType(admin.ErrorNotFoundType)
}

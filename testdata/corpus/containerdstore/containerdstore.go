// Package containerdstore wraps the metadata stores of containerd.
package containerdstore

import (
	"context"
	"errors"

	"github.com/containerd/containerd/v2/core/containers"
	"github.com/containerd/containerd/v2/core/content"
	"github.com/containerd/containerd/v2/core/images"
	"github.com/containerd/containerd/v2/core/leases"
	"github.com/containerd/containerd/v2/core/remotes/docker"
	"github.com/containerd/containerd/v2/core/sandbox"
	"github.com/containerd/containerd/v2/pkg/namespaces"
	"github.com/containerd/containerd/v2/plugins/content/local"
	"github.com/containerd/errdefs"
)

// errNotFound is what the stores return for what is not there.
var errNotFound = errdefs.ErrNotFound

// Images keeps images by name.
//
//go:generate go tool dualgen
//dualgen:notfound errNotFound
type Images interface{ images.Store }

// Containers keeps containers.
//
//go:generate go tool dualgen
//dualgen:notfound errNotFound
//dualgen:compare fields=Any
type Containers interface{ containers.Store }

// Sandboxes keeps sandboxes.
//
//go:generate go tool dualgen
//dualgen:notfound errNotFound
//dualgen:compare fields=Any
type Sandboxes interface{ sandbox.Store }

// Leases keeps what must not be collected as garbage. What a lease holds is part of it.
//
//go:generate go tool dualgen
//dualgen:entity Lease key=ID get=lease put=putLease delete=Delete methods=AddResource,DeleteResource,ListResources
//dualgen:mirror AddResource,DeleteResource replay
type Leases interface{ leases.Manager }

func lease(ctx context.Context, store Leases, id string) (leases.Lease, bool, error) {
	found, err := store.List(ctx, "id=="+id)
	if err != nil || len(found) == 0 {
		return leases.Lease{}, false, err
	}
	return found[0], true, nil
}

// putLease replaces a lease: there is no update of one.
func putLease(ctx context.Context, store Leases, lease leases.Lease) error {
	if err := store.Delete(ctx, lease); err != nil && !errors.Is(err, errNotFound) {
		return err
	}
	_, err := store.Create(ctx, leases.WithID(lease.ID), leases.WithLabels(lease.Labels))
	return err
}

// Namespaces keeps namespaces and their labels.
//
//go:generate go tool dualgen
//dualgen:entity Namespace key=namespace get=none put=none delete=none methods=Create,SetLabel,Delete,Labels
//dualgen:mirror Create,SetLabel,Delete replay
type Namespaces interface{ namespaces.Store }

// Statuses keeps how far uploads are.
//
//go:generate go tool dualgen
//dualgen:entity Upload key=s get=none put=none delete=none methods=GetStatus,SetStatus
//dualgen:key GetStatus,SetStatus s
type Statuses interface{ docker.StatusTracker }

// Content keeps what is known of content that was written elsewhere.
//
//go:generate go tool dualgen
//dualgen:entity Info key=Digest get=Info put=Update delete=Delete
//dualgen:notfound errNotFound
type Content interface{ content.Manager }

// Labels keeps the labels of content.
//
//go:generate go tool dualgen
//dualgen:entity Labels key=d2 get=none put=none delete=none
//dualgen:mirror Update replay
type Labels interface{ local.LabelStore }

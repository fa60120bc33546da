// Package prowstore wraps where the CI server Prow keeps its jobs.
package prowstore

import (
	"context"

	"k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	prowv1 "sigs.k8s.io/prow/pkg/apis/prowjobs/v1"
	typed "sigs.k8s.io/prow/pkg/client/clientset/versioned/typed/prowjobs/v1"
)

// Jobs keeps the jobs of a namespace by their names.
//
//go:generate go tool dualgen
//dualgen:entity ProwJob key=Name get=getJob put=putJob delete=deleteJob methods=Create,Update,UpdateStatus,Patch,Delete,DeleteCollection,Get,List
//dualgen:primary Watch
//dualgen:key DeleteCollection none
//dualgen:key Patch,Delete,Get name
//dualgen:mirror DeleteCollection replay
//dualgen:compare ignore=UID,ResourceVersion,Generation,CreationTimestamp,ManagedFields equal=Quantity fields=Object
type Jobs interface{ typed.ProwJobInterface }

func getJob(ctx context.Context, store Jobs, name string) (prowv1.ProwJob, bool, error) {
	found, err := store.Get(ctx, name, metav1.GetOptions{})
	if errors.IsNotFound(err) {
		return prowv1.ProwJob{}, false, nil
	}
	if err != nil {
		return prowv1.ProwJob{}, false, err
	}
	return *found, true, nil
}

// putJob leaves out what each cluster makes itself. The status of a job is no subresource: an update writes it too.
func putJob(ctx context.Context, store Jobs, job prowv1.ProwJob) error {
	job.UID, job.ResourceVersion = "", ""
	_, err := store.Update(ctx, &job, metav1.UpdateOptions{})
	if errors.IsNotFound(err) {
		_, err = store.Create(ctx, &job, metav1.CreateOptions{})
	}
	return err
}

func deleteJob(ctx context.Context, store Jobs, name string) error {
	err := store.Delete(ctx, name, metav1.DeleteOptions{})
	if errors.IsNotFound(err) {
		return nil
	}
	return err
}

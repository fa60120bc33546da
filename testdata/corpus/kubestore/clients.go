package kubestore

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	typed "k8s.io/client-go/kubernetes/typed/core/v1"
)

// Secrets keeps the secrets of a namespace by their names.
//
//go:generate go tool dualgen
//dualgen:entity Secret get=getSecret put=putSecret delete=deleteSecret methods=Create,Update,Delete,DeleteCollection,Patch,Apply
//dualgen:primary Watch
//dualgen:key DeleteCollection none
//dualgen:key Patch,Delete name
//dualgen:key Apply result
//dualgen:mirror DeleteCollection replay
//dualgen:compare ignore=UID,ResourceVersion,Generation,CreationTimestamp,ManagedFields
type Secrets interface{ typed.SecretInterface }

func getSecret(ctx context.Context, store Secrets, name string) (corev1.Secret, bool, error) {
	found, err := store.Get(ctx, name, metav1.GetOptions{})
	if errors.IsNotFound(err) {
		return corev1.Secret{}, false, nil
	}
	if err != nil {
		return corev1.Secret{}, false, err
	}
	return *found, true, nil
}

// putSecret leaves out what each cluster makes itself.
func putSecret(ctx context.Context, store Secrets, secret corev1.Secret) error {
	secret.UID, secret.ResourceVersion = "", ""
	_, err := store.Update(ctx, &secret, metav1.UpdateOptions{})
	if errors.IsNotFound(err) {
		_, err = store.Create(ctx, &secret, metav1.CreateOptions{})
	}
	return err
}

func deleteSecret(ctx context.Context, store Secrets, name string) error {
	err := store.Delete(ctx, name, metav1.DeleteOptions{})
	if errors.IsNotFound(err) {
		return nil
	}
	return err
}

// ConfigMaps keeps the configuration of a namespace by their names.
//
//go:generate go tool dualgen
//dualgen:entity ConfigMap get=getConfigMap put=putConfigMap delete=deleteConfigMap methods=Create,Update,Delete,DeleteCollection,Patch,Apply
//dualgen:primary Watch
//dualgen:key DeleteCollection none
//dualgen:key Patch,Delete name
//dualgen:key Apply result
//dualgen:mirror DeleteCollection replay
//dualgen:compare ignore=UID,ResourceVersion,Generation,CreationTimestamp,ManagedFields
type ConfigMaps interface{ typed.ConfigMapInterface }

func getConfigMap(ctx context.Context, store ConfigMaps, name string) (corev1.ConfigMap, bool, error) {
	found, err := store.Get(ctx, name, metav1.GetOptions{})
	if errors.IsNotFound(err) {
		return corev1.ConfigMap{}, false, nil
	}
	if err != nil {
		return corev1.ConfigMap{}, false, err
	}
	return *found, true, nil
}

// putConfigMap leaves out what each cluster makes itself.
func putConfigMap(ctx context.Context, store ConfigMaps, config corev1.ConfigMap) error {
	config.UID, config.ResourceVersion = "", ""
	_, err := store.Update(ctx, &config, metav1.UpdateOptions{})
	if errors.IsNotFound(err) {
		_, err = store.Create(ctx, &config, metav1.CreateOptions{})
	}
	return err
}

func deleteConfigMap(ctx context.Context, store ConfigMaps, name string) error {
	err := store.Delete(ctx, name, metav1.DeleteOptions{})
	if errors.IsNotFound(err) {
		return nil
	}
	return err
}

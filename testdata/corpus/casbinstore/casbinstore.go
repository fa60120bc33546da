// Package casbinstore wraps the adapters of the authorization library casbin.
package casbinstore

import (
	"github.com/casbin/casbin/v2/persist"
	"github.com/casbin/casbin/v2/persist/cache"
)

// Adapter keeps the rules of a policy. The policy is one whole: rules have no keys.
//
//go:generate go tool dualgen
//dualgen:read LoadPolicy
//dualgen:entity Policy key=none get=none put=none delete=none methods=RemoveFilteredPolicy
//dualgen:mirror AddPolicy,RemovePolicy,RemoveFilteredPolicy,SavePolicy replay
type Adapter interface{ persist.Adapter }

// BatchAdapter is an Adapter that takes several rules at once.
//
//go:generate go tool dualgen
//dualgen:read LoadPolicy
//dualgen:entity Policy key=none get=none put=none delete=none methods=RemoveFilteredPolicy
//dualgen:mirror AddPolicy,RemovePolicy,RemoveFilteredPolicy,SavePolicy,AddPolicies,RemovePolicies replay
type BatchAdapter interface{ persist.BatchAdapter }

// UpdatableAdapter is an Adapter that changes rules.
//
//go:generate go tool dualgen
//dualgen:read LoadPolicy
//dualgen:entity Policy key=none get=none put=none delete=none methods=RemoveFilteredPolicy,UpdateFilteredPolicies
//dualgen:mirror AddPolicy,RemovePolicy,RemoveFilteredPolicy,SavePolicy,UpdatePolicy,UpdatePolicies,UpdateFilteredPolicies replay
type UpdatableAdapter interface{ persist.UpdatableAdapter }

// ContextAdapter is an Adapter whose methods take a context.
//
//go:generate go tool dualgen
//dualgen:read LoadPolicyCtx
//dualgen:entity Policy key=none get=none put=none delete=none methods=RemoveFilteredPolicyCtx
//dualgen:mirror AddPolicyCtx,RemovePolicyCtx,RemoveFilteredPolicyCtx,SavePolicyCtx replay
type ContextAdapter interface{ persist.ContextAdapter }

// FilteredAdapter is an Adapter that loads a part of a policy.
//
//go:generate go tool dualgen
//dualgen:read LoadPolicy,LoadFilteredPolicy
//dualgen:entity Policy key=none get=none put=none delete=none methods=RemoveFilteredPolicy
//dualgen:mirror AddPolicy,RemovePolicy,RemoveFilteredPolicy,SavePolicy replay
type FilteredAdapter interface{ persist.FilteredAdapter }

// Cache keeps decisions.
//
//go:generate go tool dualgen
//dualgen:entity Decision key=key get=none put=none delete=none
//dualgen:key Clear none
//dualgen:mirror Clear replay
type Cache interface{ cache.Cache }

// ContextBatchAdapter is a BatchAdapter whose methods take a context.
//
//go:generate go tool dualgen
//dualgen:read LoadPolicyCtx
//dualgen:entity Policy key=none get=none put=none delete=none methods=RemoveFilteredPolicyCtx,AddPoliciesCtx,RemovePoliciesCtx
//dualgen:mirror AddPolicyCtx,RemovePolicyCtx,RemoveFilteredPolicyCtx,SavePolicyCtx,AddPoliciesCtx,RemovePoliciesCtx replay
type ContextBatchAdapter interface{ persist.ContextBatchAdapter }

// ContextUpdatableAdapter is an UpdatableAdapter whose methods take a context.
//
//go:generate go tool dualgen
//dualgen:read LoadPolicyCtx
//dualgen:entity Policy key=none get=none put=none delete=none methods=RemoveFilteredPolicyCtx,UpdatePoliciesCtx,UpdateFilteredPoliciesCtx
//dualgen:mirror AddPolicyCtx,RemovePolicyCtx,RemoveFilteredPolicyCtx,SavePolicyCtx,UpdatePolicyCtx,UpdatePoliciesCtx,UpdateFilteredPoliciesCtx replay
type ContextUpdatableAdapter interface {
	persist.ContextUpdatableAdapter
}

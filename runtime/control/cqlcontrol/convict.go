package cqlcontrol

import "github.com/gocql/gocql"

// NeverConvict is a gocql.ConvictionPolicy for a session that has to outlive outages: it never strikes a node off because
// connecting to it failed. Every query that comes to such a node tries to connect anew in the background, and goes to the
// next node meanwhile.
//
//	cluster := gocql.NewCluster(nodes...)
//	cluster.ConvictionPolicy = cqlcontrol.NeverConvict{}
//
// With the driver's own policy (gocql v1.7.0) a session can lose a node for good: where one attempt to connect fails while
// another succeeds, the node may be called up and yet have no connections, or not be on the list of those to ask, and
// nothing looks at it again until the server announces it. A session whose last node went so says "no hosts available
// in the pool" until the process is restarted. NeverConvict is for the sessions of the stores as well. It does not help where
// ClusterConfig.DisableInitialHostLookup is set: the session may then know one node twice.
type NeverConvict struct{}

var _ gocql.ConvictionPolicy = NeverConvict{}

// AddFailure leaves the node where it is.
func (NeverConvict) AddFailure(error, *gocql.HostInfo) bool { return false }

// Reset does nothing: no failure was noted.
func (NeverConvict) Reset(*gocql.HostInfo) {}

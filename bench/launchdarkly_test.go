package bench

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/launchdarkly/go-sdk-common/v3/ldcontext"
	"github.com/launchdarkly/go-sdk-common/v3/ldlog"
	"github.com/launchdarkly/go-sdk-common/v3/ldmigration"
	"github.com/launchdarkly/go-sdk-common/v3/ldvalue"
	ldclient "github.com/launchdarkly/go-server-sdk/v7"
	"github.com/launchdarkly/go-server-sdk/v7/ldcomponents"
	"github.com/launchdarkly/go-server-sdk/v7/testhelpers/ldtestdata"
)

// migrated is users through the LaunchDarkly migrator, at its cheapest: flags from memory, no events, no measurements,
// no comparisons, no logs.
type migrated struct {
	migrator ldclient.Migrator
	context  ldcontext.Context
	stage    ldmigration.Stage
}

const flagKey = "migration"

func peers() (all []subject) {
	for _, stage := range []ldmigration.Stage{
		ldmigration.Off, ldmigration.DualWrite, ldmigration.Shadow, ldmigration.Live, ldmigration.RampDown, ldmigration.Complete,
	} {
		all = append(all, subject{fmt.Sprint("launchdarkly/", stage), func(b *testing.B) users { return openMigrated(b, stage) }})
	}
	return all
}

func openMigrated(b *testing.B, stage ldmigration.Stage) users {
	b.Helper()
	data := ldtestdata.DataSource()
	data.Update(data.Flag(flagKey).Variations(ldvalue.String(string(stage))).FallthroughVariationIndex(0).On(true))
	client, err := ldclient.MakeCustomClient("sdk-key", ldclient.Config{
		DataSource:       data,
		Events:           ldcomponents.NoEvents(),
		DiagnosticOptOut: true,
		Logging:          ldcomponents.Logging().MinLevel(ldlog.None),
	}, 5*time.Second)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := client.Close(); err != nil {
			b.Error(err)
		}
	})
	got, _, err := client.MigrationVariation(flagKey, ldcontext.New("check"), "none")
	if err != nil || got != stage {
		b.Fatalf("the flag is at stage %q, not %q: %v", got, stage, err)
	}
	stores := [2]users{&still{}, &still{}}
	get := func(store users) ldclient.MigrationImplFn {
		return func(payload any) (any, error) { return store.Get(context.Background(), payload.(string)) }
	}
	save := func(store users) ldclient.MigrationImplFn {
		return func(payload any) (any, error) { return nil, store.Save(context.Background(), payload.(user)) }
	}
	migrator, err := ldclient.Migration(client).TrackLatency(false).TrackErrors(false).
		ReadExecutionOrder(ldmigration.Serial).
		Read(get(stores[0]), get(stores[1]), nil).
		Write(save(stores[0]), save(stores[1])).
		Build()
	if err != nil {
		b.Fatal(err)
	}
	return &migrated{migrator: migrator, context: ldcontext.New("service"), stage: stage}
}

func (m *migrated) Get(_ context.Context, id string) (user, error) {
	result := m.migrator.Read(flagKey, m.context, m.stage, id)
	if err := result.GetError(); err != nil {
		return user{}, err
	}
	return result.GetResult().(user), nil
}

func (m *migrated) Save(_ context.Context, u user) error {
	result := m.migrator.Write(flagKey, m.context, m.stage, u)
	return result.GetAuthoritativeResult().GetError()
}

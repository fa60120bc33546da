package dynstore

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

const (
	bySection = "by_section"    // the index
	timeout   = 5 * time.Second // of one request
	patience  = time.Minute     // for a table to become active
)

// Open returns the table of that name at an endpoint, which it makes if there is none.
func Open(ctx context.Context, endpoint, table string) (*Store, error) {
	// A client of the service itself takes its region and credentials from config.LoadDefaultConfig.
	client := dynamodb.New(dynamodb.Options{
		BaseEndpoint: &endpoint, Region: "local", Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
		HTTPClient: &http.Client{Timeout: timeout, Transport: &http.Transport{MaxIdleConnsPerHost: 32}},
		// A write that failed may have had its effect: the client must not make it again by itself.
		Retryer: aws.NopRetryer{},
	})
	store := &Store{client: client, table: table}
	if err := store.create(ctx); err != nil {
		return nil, fmt.Errorf("make table %s: %w", table, err)
	}
	return store, nil
}

func (s *Store) create(ctx context.Context) error {
	text := func(name string) types.AttributeDefinition {
		return types.AttributeDefinition{AttributeName: &name, AttributeType: types.ScalarAttributeTypeS}
	}
	part := func(name string, kind types.KeyType) types.KeySchemaElement {
		return types.KeySchemaElement{AttributeName: &name, KeyType: kind}
	}
	_, err := s.client.CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName: &s.table, BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{text("id"), text("section"), text("place")},
		KeySchema:            []types.KeySchemaElement{part("id", types.KeyTypeHash)},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
			IndexName: aws.String(bySection), Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll},
			KeySchema: []types.KeySchemaElement{part("section", types.KeyTypeHash), part("place", types.KeyTypeRange)},
		}},
	})
	if inUse := new(types.ResourceInUseException); err != nil && !errors.As(err, &inUse) {
		return err
	}
	return dynamodb.NewTableExistsWaiter(s.client, func(o *dynamodb.TableExistsWaiterOptions) {
		o.MinDelay, o.MaxDelay = 20*time.Millisecond, time.Second
	}).Wait(ctx, &dynamodb.DescribeTableInput{TableName: &s.table}, patience)
}

// Drop deletes the table.
func (s *Store) Drop(ctx context.Context) error {
	_, err := s.client.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: &s.table})
	return err
}

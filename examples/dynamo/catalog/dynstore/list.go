package dynstore

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/uuid"
)

// BySection lists the packages of a section after a name, by name. An index of DynamoDB itself follows its table some milliseconds later.
func (s *Store) BySection(ctx context.Context, section, after string, limit int) ([]*Package, error) {
	var page []*Package
	err := s.call(ctx, "BySection", "", func(ctx context.Context) error {
		within := expression.Key("section").Equal(expression.Value(section)).And(expression.Key("place").GreaterThan(expression.Value(behind(after))))
		e, err := expression.NewBuilder().WithKeyCondition(within).Build()
		if err != nil {
			return err
		}
		var from map[string]types.AttributeValue
		for len(page) < limit {
			output, err := s.client.Query(ctx, &dynamodb.QueryInput{TableName: &s.table, IndexName: aws.String(bySection), ExclusiveStartKey: from,
				KeyConditionExpression: e.KeyCondition(), ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(), Limit: aws.Int32(int32(limit - len(page)))})
			if err != nil {
				return err
			}
			var found []*Package
			if err := attributevalue.UnmarshalListOfMaps(output.Items, &found); err != nil {
				return err
			}
			page = append(page, found...)
			if from = output.LastEvaluatedKey; from == nil {
				return nil
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list section: %w", err)
	}
	return page, nil
}

// Scan lists the packages in the table's own order, after the cursor, which is the last id of the page before.
func (s *Store) Scan(ctx context.Context, cursor string, limit int) (page []*Package, next string, err error) {
	err = s.call(ctx, "Scan", "", func(ctx context.Context) error {
		input := &dynamodb.ScanInput{TableName: &s.table, ConsistentRead: aws.Bool(true), Limit: aws.Int32(int32(limit))}
		if cursor != "" {
			id, err := uuid.Parse(cursor)
			if err != nil {
				return fmt.Errorf("cursor %q: %w", cursor, err)
			}
			input.ExclusiveStartKey = key(id)
		}
		output, err := s.client.Scan(ctx, input)
		if err != nil {
			return err
		}
		if last, ok := output.LastEvaluatedKey["id"].(*types.AttributeValueMemberS); ok {
			next = last.Value
		}
		return attributevalue.UnmarshalListOfMaps(output.Items, &page)
	})
	if err != nil {
		return nil, "", fmt.Errorf("scan packages: %w", err)
	}
	return page, next, nil
}

// Count returns the number of packages.
func (s *Store) Count(ctx context.Context) (int, error) {
	count := 0
	err := s.call(ctx, "Count", "", func(ctx context.Context) error {
		pages := dynamodb.NewScanPaginator(s.client, &dynamodb.ScanInput{TableName: &s.table, ConsistentRead: aws.Bool(true), Select: types.SelectCount})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return err
			}
			count += int(page.Count)
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("count packages: %w", err)
	}
	return count, nil
}

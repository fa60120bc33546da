// Package dynstore keeps packages in a table of DynamoDB, with an index by section.
package dynstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/uuid"
)

// ErrNoItem is returned where a package is not there.
var ErrNoItem = errors.New("dynstore: no such item")

// errNoText is returned where an item has an id that nobody here has written.
var errNoText = errors.New("dynstore: the id is no text")

// Store is a table.
type Store struct {
	client      *dynamodb.Client
	table       string
	interceptor Interceptor
}

// Item returns the package of that id, or ErrNoItem. The read is consistent: it shows what was written before.
func (s *Store) Item(ctx context.Context, id uuid.UUID) (*Package, error) {
	var found Package
	err := s.call(ctx, "Item", id.String(), func(ctx context.Context) error {
		output, err := s.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &s.table, Key: key(id), ConsistentRead: aws.Bool(true)})
		switch {
		case err != nil:
			return err
		case output.Item == nil:
			return ErrNoItem
		}
		return attributevalue.UnmarshalMap(output.Item, &found)
	})
	if err != nil {
		return nil, fmt.Errorf("get package %s: %w", id, err)
	}
	return &found, nil
}

// Put adds a package, or replaces the one of its id.
func (s *Store) Put(ctx context.Context, p *Package) error {
	err := s.call(ctx, "Put", p.ID.String(), func(ctx context.Context) error {
		item, err := attributevalue.MarshalMap(p)
		if err != nil {
			return err
		}
		item["place"] = &types.AttributeValueMemberS{Value: place(p.Name, p.ID.String())}
		_, err = s.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.table, Item: item})
		return err
	})
	if err != nil {
		return fmt.Errorf("put package %s: %w", p.ID, err)
	}
	return nil
}

// SetMaintainer sets one attribute. It returns ErrNoItem for a package that is not there: without the condition it would make one that
// has nothing else.
func (s *Store) SetMaintainer(ctx context.Context, id uuid.UUID, maintainer string) error {
	update := expression.NewBuilder().WithUpdate(expression.Set(expression.Name("maintainer"), expression.Value(maintainer))).WithCondition(exists)
	return s.conditional(ctx, "SetMaintainer", id, update, func(ctx context.Context, e expression.Expression) error {
		_, err := s.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: &s.table, Key: key(id), UpdateExpression: e.Update(),
			ConditionExpression: e.Condition(), ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values()})
		return err
	})
}

// Delete deletes a package. It returns ErrNoItem for a package that is not there.
func (s *Store) Delete(ctx context.Context, id uuid.UUID) error {
	return s.conditional(ctx, "Delete", id, expression.NewBuilder().WithCondition(exists), func(ctx context.Context, e expression.Expression) error {
		_, err := s.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &s.table, Key: key(id),
			ConditionExpression: e.Condition(), ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values()})
		return err
	})
}

// exists is the condition that there is an item.
var exists = expression.AttributeExists(expression.Name("id"))

// conditional makes a write whose condition is that there is an item.
func (s *Store) conditional(ctx context.Context, method string, id uuid.UUID, builder expression.Builder, write func(context.Context, expression.Expression) error) error {
	err := s.call(ctx, method, id.String(), func(ctx context.Context) error {
		e, err := builder.Build()
		if err != nil {
			return err
		}
		err = write(ctx, e)
		if failed := new(types.ConditionalCheckFailedException); errors.As(err, &failed) {
			return ErrNoItem
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("%s of package %s: %w", method, id, err)
	}
	return nil
}

func key(id uuid.UUID) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: id.String()}}
}

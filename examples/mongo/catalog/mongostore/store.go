// Package mongostore keeps packages as documents of MongoDB.
package mongostore

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// ErrNoDocument is returned where a package is not there.
var ErrNoDocument = mongo.ErrNoDocuments

// timeout bounds one call.
const timeout = 5 * time.Second

// Store is the collection packages of a database.
type Store struct {
	client      *mongo.Client
	packages    *mongo.Collection
	interceptor Interceptor
}

// Open connects to a server, and makes the index if there is none.
func Open(ctx context.Context, url, database string) (*Store, error) {
	// A write that failed may have had its effect: the client must not make it again by itself.
	client, err := mongo.Connect(options.Client().ApplyURI(url).SetTimeout(timeout).SetRetryWrites(false))
	if err != nil {
		return nil, fmt.Errorf("connect to mongodb: %w", err)
	}
	s := &Store{client: client, packages: client.Database(database).Collection("packages")}
	index := mongo.IndexModel{Keys: bson.D{{Key: "section", Value: 1}, {Key: "name", Value: 1}, {Key: "_id", Value: 1}}}
	if _, err := s.packages.Indexes().CreateOne(ctx, index); err != nil {
		_ = client.Disconnect(ctx) // the error says enough
		return nil, fmt.Errorf("make an index: %w", err)
	}
	return s, nil
}

// Close closes the connections.
func (s *Store) Close() error { return s.client.Disconnect(context.Background()) }

// Drop removes the database.
func (s *Store) Drop(ctx context.Context) error { return s.packages.Database().Drop(ctx) }

// Find returns the package of that id, or ErrNoDocument.
func (s *Store) Find(ctx context.Context, id string) (*Package, error) {
	var found Package
	err := s.call(ctx, "Find", id, func(ctx context.Context) error {
		return s.packages.FindOne(ctx, bson.M{"_id": id}).Decode(&found)
	})
	if err != nil {
		return nil, fmt.Errorf("find package %s: %w", id, err)
	}
	return &found, nil
}

// Replace adds a package, or replaces the one of its id.
func (s *Store) Replace(ctx context.Context, p *Package) error {
	err := s.call(ctx, "Replace", p.ID, func(ctx context.Context) error {
		for {
			_, err := s.packages.ReplaceOne(ctx, bson.M{"_id": p.ID}, p, options.Replace().SetUpsert(true))
			if !mongo.IsDuplicateKeyError(err) {
				return err
			} // another one inserted it between the server's look and its insert: now there is something to replace
		}
	})
	if err != nil {
		return fmt.Errorf("replace package %s: %w", p.ID, err)
	}
	return nil
}

// SetMaintainer sets one field. It returns ErrNoDocument for a package that is not there.
func (s *Store) SetMaintainer(ctx context.Context, id, maintainer string) error {
	err := s.call(ctx, "SetMaintainer", id, func(ctx context.Context) error {
		result, err := s.packages.UpdateByID(ctx, id, bson.M{"$set": bson.M{"maintainer": maintainer}})
		if err == nil && result.MatchedCount == 0 {
			return ErrNoDocument
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("set maintainer of package %s: %w", id, err)
	}
	return nil
}

// Delete deletes a package. It returns ErrNoDocument for a package that is not there.
func (s *Store) Delete(ctx context.Context, id string) error {
	err := s.call(ctx, "Delete", id, func(ctx context.Context) error {
		result, err := s.packages.DeleteOne(ctx, bson.M{"_id": id})
		if err == nil && result.DeletedCount == 0 {
			return ErrNoDocument
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("delete package %s: %w", id, err)
	}
	return nil
}

// BySection lists the packages of a section after a name, by name.
func (s *Store) BySection(ctx context.Context, section, after string, limit int) ([]*Package, error) {
	if limit <= 0 {
		return nil, nil // 0 means all to the server
	}
	return s.list(ctx, "BySection", bson.M{"section": section, "name": bson.M{"$gt": after}}, bson.D{{Key: "name", Value: 1}, {Key: "_id", Value: 1}}, limit)
}

// Scan lists the packages by id, after the cursor, which is the last id of the page before.
func (s *Store) Scan(ctx context.Context, cursor string, limit int) ([]*Package, string, error) {
	page, err := s.list(ctx, "Scan", bson.M{"_id": bson.M{"$gt": cursor}}, bson.D{{Key: "_id", Value: 1}}, limit)
	if err != nil || len(page) < limit || len(page) == 0 {
		return page, "", err
	}
	return page, page[len(page)-1].ID, nil
}

// Count returns the number of packages.
func (s *Store) Count(ctx context.Context) (count int64, err error) {
	err = s.call(ctx, "Count", "", func(ctx context.Context) (err error) {
		count, err = s.packages.CountDocuments(ctx, bson.M{})
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("count packages: %w", err)
	}
	return count, nil
}

func (s *Store) list(ctx context.Context, method string, filter bson.M, order bson.D, limit int) ([]*Package, error) {
	var page []*Package
	err := s.call(ctx, method, "", func(ctx context.Context) error {
		cursor, err := s.packages.Find(ctx, filter, options.Find().SetSort(order).SetLimit(int64(limit)))
		if err != nil {
			return err
		}
		return cursor.All(ctx, &page)
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", method, err)
	}
	return page, nil
}

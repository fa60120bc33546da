package dynstore

import (
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/uuid"
)

// Package is an item. Its id is text, and so is what stands in place of a missing attribute: none.
type Package struct {
	ID            ID       `dynamodbav:"id"`
	Name          string   `dynamodbav:"name"`
	Version       string   `dynamodbav:"version"`
	Section       string   `dynamodbav:"section"` // of the index: DynamoDB refuses an empty one
	Priority      string   `dynamodbav:"priority"`
	Maintainer    string   `dynamodbav:"maintainer"`
	Homepage      *string  `dynamodbav:"homepage,omitempty"`
	Size          int64    `dynamodbav:"size"`
	InstalledSize *int64   `dynamodbav:"installed_size,omitempty"`
	Depends       []string `dynamodbav:"depends,omitempty"`
	Tags          []string `dynamodbav:"tags,stringset,omitempty"` // there is no empty set
	Updated       int64    `dynamodbav:"updated"`                  // ms since 1970
}

// ID is a UUID that is kept as text. Without it, attributevalue would make a list of sixteen numbers of one.
type ID uuid.UUID

// String is the text that is kept.
func (id ID) String() string { return uuid.UUID(id).String() }

// MarshalDynamoDBAttributeValue implements attributevalue.Marshaler.
func (id ID) MarshalDynamoDBAttributeValue() (types.AttributeValue, error) {
	return &types.AttributeValueMemberS{Value: id.String()}, nil
}

// UnmarshalDynamoDBAttributeValue implements attributevalue.Unmarshaler.
func (id *ID) UnmarshalDynamoDBAttributeValue(value types.AttributeValue) (err error) {
	text, ok := value.(*types.AttributeValueMemberS)
	if !ok {
		return errNoText
	}
	*(*uuid.UUID)(id), err = uuid.Parse(text.Value)
	return err
}

// place is where a package stands in its section: by its name, and by its id among those of one name. No name has the byte 0.
func place(name, id string) string { return name + "\x00" + id }

// behind is behind the places of all packages of a name, and before those of the next.
func behind(name string) string { return name + "\x00~" }

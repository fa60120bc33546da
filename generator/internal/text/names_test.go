package text

import (
	"strings"
	"testing"
)

func TestCamel(t *testing.T) {
	for name, want := range map[string]string{
		"GetUserByID": "Get User By ID", "HTTPServer": "HTTP Server", "userID": "user ID", "IDs": "IDs", "GetIDsOf": "Get IDs Of", "a_b": "a b", "": "", "X1Y": "X1 Y",
	} {
		if got := strings.Join(Camel(name), " "); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	for in, want := range map[string]string{"UserRepository": "user_repository", "URLs": "urls", "OAuth2Store": "o_auth2_store"} {
		if got := Snake(in); got != want {
			t.Errorf("snake %s: %s, want %s", in, got, want)
		}
	}
	for in, want := range map[string]string{"ID": "id", "UserID": "userID", "HTTPCache": "httpCache", "x": "x"} {
		if got := LowerFirst(in); got != want {
			t.Errorf("lowerFirst %s: %s, want %s", in, got, want)
		}
	}
	for in, want := range map[string]string{"Users": "User", "Categories": "Category", "Addresses": "Address", "Boxes": "Box", "Status": "Status", "Statuses": "Status"} {
		if got := Singular(in); got != want {
			t.Errorf("singular %s: %s, want %s", in, got, want)
		}
	}
}

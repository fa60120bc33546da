package main

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/user"
	"strings"

	"github.com/dualgen/dualgen/runtime/console"
)

// people may sign in to the console, by name. A service asks its own sign-in instead.
type people map[string]account

type account struct {
	password string
	role     console.Role
}

// invite makes two accounts, with passwords of their own: one of whoever starts this, who may operate, and one that may look only.
func invite() people {
	name := "operator"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	return people{name: {rand.Text(), console.Operator}, "guest": {rand.Text(), console.Viewer}}
}

// variable holds the accounts, so that no list of processes shows a password.
const variable = "CATALOG_PEOPLE"

// roles are how the variable names them.
var roles = map[string]console.Role{"operator": console.Operator, "viewer": console.Viewer}

// environment is the people, as processes get them.
func (p people) environment() string {
	var all []string
	for name, a := range p {
		for word, role := range roles {
			if role == a.role {
				all = append(all, name+" "+a.password+" "+word)
			}
		}
	}
	return variable + "=" + strings.Join(all, ",")
}

// peopleOfEnvironment are those of the process's environment. Without any, nobody sees the console.
func peopleOfEnvironment() (people, error) {
	found := people{}
	for line := range strings.SplitSeq(os.Getenv(variable), ",") {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if len(words) != 3 || roles[words[2]] == console.Nobody {
			return nil, fmt.Errorf("%s: want NAME PASSWORD ROLE, with a comma between two, and operator or viewer for the role", variable)
		}
		found[words[0]] = account{words[1], roles[words[2]]}
	}
	return found, nil
}

// person is the key of who sent a request, in its context.
type person struct{}

type signedIn struct {
	name string
	role console.Role
}

// signIn asks for name and password, so that the trail names who made a change.
func (p people) signIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, password, _ := r.BasicAuth()
		a, known := p[name]
		if !known || subtle.ConstantTimeCompare([]byte(password), []byte(a.password)) != 1 {
			w.Header().Set("WWW-Authenticate", `Basic realm="the console", charset="UTF-8"`)
			http.Error(w, "sign in", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), person{}, signedIn{name, a.role})))
	})
}

// authorize tells the console who sent a request.
func authorize(r *http.Request) (who string, role console.Role) {
	who = "nobody"
	if in, ok := r.Context().Value(person{}).(signedIn); ok {
		who, role = in.name, in.role
	}
	return who, role
}

// named lets in requests for the address that is served. A page of another site, whose name was made to lead to this machine, asks under
// that name.
func named(address net.Addr, next http.Handler) http.Handler {
	_, port, _ := net.SplitHostPort(address.String())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != address.String() && r.Host != "localhost:"+port {
			http.Error(w, "nothing is served under this name", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

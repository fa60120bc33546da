package main

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/console"
)

// Who is signed in is named, with what that person may do; nobody else gets in.
func TestSignIn(t *testing.T) {
	invited := invite()
	require.Len(t, invited, 2)
	name, value, _ := strings.Cut(invited.environment(), "=")
	t.Setenv(name, value)
	known, err := peopleOfEnvironment()
	require.NoError(t, err)
	require.Equal(t, invited, known)

	pages := known.signIn(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Context().Value(person{})) }))
	ask := func(name, password string) (int, string) {
		request := httptest.NewRequest(http.MethodGet, "/migration/", nil)
		if name != "" {
			request.SetBasicAuth(name, password)
		}
		answer := httptest.NewRecorder()
		pages.ServeHTTP(answer, request)
		if answer.Code == http.StatusUnauthorized {
			require.Contains(t, answer.Header().Get("WWW-Authenticate"), "Basic ")
		}
		return answer.Code, answer.Body.String()
	}
	for name, a := range known {
		status, body := ask(name, a.password)
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, fmt.Sprint(signedIn{name, a.role}), body)
		status, _ = ask(name, a.password+"x")
		require.Equal(t, http.StatusUnauthorized, status)
	}
	for _, wrong := range [][2]string{{"", ""}, {"eve", ""}, {"eve", "x"}} {
		status, _ := ask(wrong[0], wrong[1])
		require.Equal(t, http.StatusUnauthorized, status)
	}
	who, role := authorize(httptest.NewRequest(http.MethodGet, "/", nil))
	require.Equal(t, "nobody", who)
	require.Equal(t, console.Nobody, role)
	t.Setenv(variable, "anna secret owner")
	_, err = peopleOfEnvironment()
	require.Error(t, err)
}

// A name that somebody else made lead to this machine is not served.
func TestHost(t *testing.T) {
	address := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}
	served := named(address, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for host, status := range map[string]int{
		"127.0.0.1:8080": http.StatusOK, "localhost:8080": http.StatusOK,
		"evil.example:8080": http.StatusMisdirectedRequest, "127.0.0.1:8081": http.StatusMisdirectedRequest, "evil.example": http.StatusMisdirectedRequest,
	} {
		request := httptest.NewRequest(http.MethodGet, "/", nil)
		request.Host = host
		answer := httptest.NewRecorder()
		served.ServeHTTP(answer, request)
		require.Equal(t, status, answer.Code, host)
	}
}

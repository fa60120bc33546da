// The proxy has no such module, and nothing that is read here needs it: only the server of Drone imports it.
module docker.io/go-docker

go 1.26.6

// Package users holds what users' modules rely on: a module that imports the runtime keeps the versions of its drivers.
package users

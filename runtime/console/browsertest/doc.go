// Package browsertest tries the console in Chromium, as a person would: by keyboard, in two windows, while the migration changes.
package browsertest

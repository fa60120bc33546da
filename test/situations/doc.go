// Package situations tries what people meet in the field: one package for each situation, as a user would write it, with the
// wrapper and the tests that dualgen writes for it. Its test walks a migration through the real gates and asks what came of it.
// README.md lists the situations, and the kind of fault that each stands for.
package situations

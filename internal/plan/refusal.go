package plan

// Refusal is one error, or with Test a function that tells it, func(error) bool.
type Refusal struct {
	Ref  *FuncRef
	Test bool
}

package plan

// Queued is a front of the interface that answers writes once they stand in a queue.
type Queued struct {
	File        string // absolute path, in the package of the output
	Front       string // QueuedUsers
	Constructor string // NewQueuedUsers
	Methods     []*QueuedMethod
}

// QueuedMethod is a write that is queued.
type QueuedMethod struct {
	*Method
	Args   string   // the struct that carries its arguments
	Fields []string // its fields, one for each of Method.Args.Index
	// Update: it changes what is there, so that "there is none" answers it, and nobody has to look at it.
	Update bool
}

// Method is how a method of the repository is queued; nil where it is called at once.
func (q *Queued) Method(m *Method) *QueuedMethod {
	for _, queued := range q.Methods {
		if queued.Method == m {
			return queued
		}
	}
	return nil
}

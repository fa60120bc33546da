package plan

// Conv says how a value of one type becomes a value of another.
type Conv interface{ conv() }

// Function is a generated helper.
type Function interface{ function() }

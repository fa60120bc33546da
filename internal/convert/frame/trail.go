package frame

import (
	"fmt"
	"go/types"
	"strings"
)

// Hop is one step of the path to a value.
type Hop struct {
	Name     string
	From, To types.Type
}

// Draw shows the path to a value, a line for each step; a path of one step says nothing new.
func (p *Frame) Draw(trail []Hop) []string {
	if len(trail) < 2 {
		return nil
	}
	var lines []string
	for depth, hop := range trail {
		line := fmt.Sprintf("%s%s: %s → %s", strings.Repeat("  ", depth), hop.Name, p.Text(hop.From), p.Text(hop.To))
		lines = append(lines, line)
	}
	return lines
}

package club

import (
	"cmp"
	"context"
	"maps"
	"slices"
)

// memory is a club in memory.
type memory struct {
	teams   map[string]Team
	members map[int64]Membership
	flaw    flaw
}

// flaw is what a broken club does beside what it is asked for.
type flaw struct {
	saveTeam, deleteTeam     func(m *memory, id string)
	count                    func(m *memory)
	saveMember, deleteMember func(m *memory, membership Membership)
	enrol                    func(m *memory, membership Membership)
}

func newMemory(f flaw) *memory { return &memory{map[string]Team{}, map[int64]Membership{}, f} }

func (m *memory) Teams() Teams           { return teams{m} }
func (m *memory) Sides() Sides           { return teams{m} }
func (m *memory) Members() Members       { return members{m} }
func (m *memory) Enrolments() Enrolments { return members{m} }

type teams struct{ *memory }

func (s teams) Get(_ context.Context, id string) (Team, error) {
	team, ok := s.teams[id]
	if !ok {
		return Team{}, ErrNotFound
	}
	return team, nil
}

func (s teams) Save(_ context.Context, team Team) error {
	s.teams[team.ID] = team
	if s.flaw.saveTeam != nil {
		s.flaw.saveTeam(s.memory, team.ID)
	}
	return nil
}

func (s teams) Delete(_ context.Context, id string) error {
	delete(s.teams, id)
	if s.flaw.deleteTeam != nil {
		s.flaw.deleteTeam(s.memory, id)
	}
	return nil
}

func (s teams) List(context.Context) ([]Team, error) {
	return slices.SortedFunc(maps.Values(s.teams), func(a, b Team) int { return cmp.Compare(a.ID, b.ID) }), nil
}

type members struct{ *memory }

func (s members) Get(_ context.Context, id int64) (Membership, error) {
	membership, ok := s.members[id]
	if !ok {
		return Membership{}, ErrNotFound
	}
	return membership, nil
}

func (s members) Save(_ context.Context, membership Membership) error {
	s.members[membership.ID] = membership
	if s.flaw.saveMember != nil {
		s.flaw.saveMember(s.memory, membership)
	}
	return nil
}

func (s members) Enrol(_ context.Context, membership Membership) error {
	s.members[membership.ID] = membership
	if s.flaw.enrol != nil {
		s.flaw.enrol(s.memory, membership)
	}
	return nil
}

func (s members) Delete(_ context.Context, id int64) error {
	membership, ok := s.members[id]
	delete(s.members, id)
	if ok && s.flaw.deleteMember != nil {
		s.flaw.deleteMember(s.memory, membership)
	}
	return nil
}

func (s members) List(context.Context) ([]Membership, error) {
	return slices.SortedFunc(maps.Values(s.members), func(a, b Membership) int { return cmp.Compare(a.ID, b.ID) }), nil
}

func (s members) Count(context.Context) (int, error) {
	if s.flaw.count != nil {
		s.flaw.count(s.memory)
	}
	return len(s.members), nil
}

// Package swept has jobs that are taken away many at a time, by methods whose names begin with how many.
package swept

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such job")

type Job struct {
	ID   int64
	Line string
}

type (
	RangeFinishJobsRequest struct{ From, To int64 }
	RangeFinishJobsReply   struct{ Finished int }
)

//dualgen:entity Job key=ID get=GetJob put=SaveJob delete=DeleteJob scan=ListJobs
//go:generate go tool dualgen
type Jobs interface {
	GetJob(ctx context.Context, id int64) (*Job, error)
	SaveJob(ctx context.Context, job *Job) error
	DeleteJob(ctx context.Context, id int64) error
	ListJobs(ctx context.Context) ([]*Job, error)

	// RangePurgeJobs removes the jobs up to one, and counts them.
	//dualgen:delete
	//dualgen:entity Job
	//dualgen:key none
	RangePurgeJobs(ctx context.Context, upTo int64) (int, error)
	// RangeFinishJobs removes the jobs of a range.
	//dualgen:delete
	//dualgen:entity Job
	//dualgen:key none
	RangeFinishJobs(ctx context.Context, request RangeFinishJobsRequest) (RangeFinishJobsReply, error)
}

// Queue is a store.
type Queue struct{ jobs rows.Table[int64, Job] }

func (q *Queue) GetJob(_ context.Context, id int64) (*Job, error) {
	job, err := q.jobs.Find(id)
	if err != nil {
		return nil, ErrNotFound
	}
	return &job, nil
}

func (q *Queue) SaveJob(_ context.Context, job *Job) error   { return q.jobs.Upsert(job.ID, *job) }
func (q *Queue) DeleteJob(_ context.Context, id int64) error { return q.jobs.Remove(id) }
func (q *Queue) ListJobs(context.Context) ([]*Job, error)    { return rows.Pointers(q.jobs.All()), nil }

func (q *Queue) RangePurgeJobs(_ context.Context, upTo int64) (int, error) {
	return q.jobs.RemoveWhere(func(j Job) bool { return j.ID <= upTo })
}

func (q *Queue) RangeFinishJobs(_ context.Context, r RangeFinishJobsRequest) (RangeFinishJobsReply, error) {
	n, err := q.jobs.RemoveWhere(func(j Job) bool { return r.From <= j.ID && j.ID <= r.To })
	return RangeFinishJobsReply{n}, err
}

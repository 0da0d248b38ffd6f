package snapshot

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"nacre/fault"
)

// Source gives an index, new where it can. It is asked by one goroutine at a time.
type Source interface {
	// Rebuild gives the index as it is now; before is the one that is current, nil
	// at first. An error leaves that one current.
	Rebuild(ctx context.Context, before *Snapshot) (*Snapshot, error)
}

// Keeper has the snapshot that is current.
type Keeper struct {
	source Source
	now    func() time.Time
	// reloading is held by the one who asks the source.
	reloading sync.Mutex
	current   atomic.Pointer[Snapshot]
	status    atomic.Pointer[Status]
}

// Status is how the loading goes.
type Status struct {
	// Loaded is when the current snapshot was loaded, Tried when the source was
	// last asked.
	Loaded, Tried time.Time
	// Problem says why the last try failed, "" if it did not; Since is the time of
	// the first failure after the last success.
	Problem string
	Since   time.Time
	// Loads and Failures count tries.
	Loads, Failures uint64
}

// NewKeeper makes a Keeper, which has no snapshot before the first Reload.
func NewKeeper(s Source, now func() time.Time) *Keeper {
	k := &Keeper{source: s, now: now}
	k.status.Store(&Status{})
	return k
}

// Current gives the current snapshot, nil before the first was loaded.
func (k *Keeper) Current() *Snapshot { return k.current.Load() }

// Status says how the loading goes.
func (k *Keeper) Status() Status { return *k.status.Load() }

// Reload asks the source once and makes current what it gives. Several calls take
// turns.
func (k *Keeper) Reload(ctx context.Context) error {
	k.reloading.Lock()
	defer k.reloading.Unlock()
	s, err := k.ask(ctx)
	is := k.Status()
	is.Tried = k.now()
	if err != nil {
		is.Failures++
		if is.Problem == "" {
			is.Since = is.Tried
		}
		is.Problem = err.Error()
		k.status.Store(&is)
		return err
	}
	is.Loads++
	is.Loaded, is.Problem, is.Since = is.Tried, "", time.Time{}
	k.current.Store(s)
	k.status.Store(&is)
	return nil
}

// ask asks the source. A defect in building must not end the serving.
func (k *Keeper) ask(ctx context.Context) (s *Snapshot, err error) {
	defer func() {
		if v := recover(); v != nil {
			s, err = nil, fault.New(fault.Unavailable, "rebuild the index: %s", fault.Quote(fmt.Sprint(v))).
				WithHint("this is a defect of nacred; the log has more")
		}
	}()
	s, err = k.source.Rebuild(ctx, k.current.Load())
	if err == nil && s == nil {
		err = fault.New(fault.Unavailable, "rebuild the index: there is none")
	}
	return s, err
}

// Run reloads every so often, 0 being never, and when told to, until the context
// ends. done is told of each try.
func (k *Keeper) Run(ctx context.Context, every time.Duration, now <-chan struct{}, done func(error)) {
	var tick <-chan time.Time
	if every > 0 {
		t := time.NewTicker(every)
		defer t.Stop()
		tick = t.C
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick:
		case <-now:
		}
		done(k.Reload(ctx))
	}
}

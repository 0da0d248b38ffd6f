package flow

import (
	"slices"

	"nacre/perlsrc"
)

// trail is the way of a value, the last step first.
type trail struct {
	before  *trail
	step    Step
	name    string
	through string
	quoted  bool
	changed bool
	length  int // of the trail
}

// maxTrail bounds a trail: what has gone so far is another value.
const maxTrail = 200

func (t *trail) more() int {
	if t == nil {
		return 1
	}
	return t.length + 1
}

func (t *trail) named(name string) *trail {
	if name == "" {
		return t
	}
	return &trail{before: t, name: name, length: t.more()}
}

func (t *trail) stepped(n perlsrc.NodeID, what string) *trail {
	return &trail{before: t, step: Step{n, what}, length: t.more()}
}

func (t *trail) passed(through string, changed bool) *trail {
	return &trail{before: t, through: through, changed: changed, length: t.more()}
}

// maxTold bounds the steps that are told of one way: those nearest to the node
// that was asked about.
const maxTold = 32

// told gives what a trail says, from the first step.
func (t *trail) told() (names, through []string, steps []Step, direct, quoted bool) {
	direct = true
	for ; t != nil; t = t.before {
		if t.name != "" && !slices.Contains(names, t.name) {
			names = append(names, t.name)
		}
		if t.through != "" {
			through = append(through, t.through)
		}
		if t.step.Node != 0 {
			steps = append(steps, t.step)
		}
		direct = direct && !t.changed
		quoted = quoted || t.quoted
	}
	slices.Reverse(names)
	slices.Reverse(through)
	slices.Reverse(steps)
	steps = steps[:min(len(steps), maxTold)]
	return names, through, steps, direct, quoted
}

// context is the chain of calls by which a question came into a sub: 0 is none.
type context int32

type contextNode struct {
	call perlsrc.NodeID
	sub  int32
	up   context
}

// maxCalls bounds how many calls deep a value is followed.
const maxCalls = 6

// state is a place of a question.
type state struct {
	node perlsrc.NodeID
	path path
	ctx  context
}

// walk is what questions in both directions have in common: a queue of states,
// each of which is visited once.
type walk struct {
	paths
	g     *Graph
	steps int
	cut   bool // a trail was too long
	seen  map[state]bool
	queue []item
	calls []contextNode
}

type item struct {
	state
	trail *trail
}

func newWalk(g *Graph) walk {
	return walk{paths: newPaths(), g: g, seen: map[state]bool{}, calls: make([]contextNode, 1), steps: MaxSteps}
}

// whole says whether the question was followed to all ends.
func (w *walk) whole() bool { return w.steps >= 0 && !w.cut }

// at puts a state into the queue.
func (w *walk) at(n perlsrc.NodeID, p path, ctx context, t *trail) {
	s := state{n, p, ctx}
	if n == 0 || w.seen[s] {
		return
	}
	if t != nil && t.length > maxTrail {
		w.cut = true
		return
	}
	w.seen[s] = true
	w.queue = append(w.queue, item{s, t})
}

// spend takes a step; it is false where there is none left.
func (w *walk) spend() bool {
	w.steps--
	return w.steps >= 0
}

// enter gives the context within a sub that a call calls; ok is false where it
// is in there already, or too deep.
func (w *walk) enter(ctx context, call perlsrc.NodeID, number int32) (context, bool) {
	depth := 0
	for at := ctx; at != 0; at = w.calls[at].up {
		if depth++; depth >= maxCalls || w.calls[at].sub == number {
			return 0, false
		}
	}
	for i := 1; i < len(w.calls); i++ {
		if w.calls[i] == (contextNode{call, number, ctx}) {
			return context(i), true
		}
	}
	w.calls = append(w.calls, contextNode{call, number, ctx})
	return context(len(w.calls) - 1), true
}

// leave gives the call that led into a sub, and the context around it.
func (w *walk) leave(ctx context, number int32) (call perlsrc.NodeID, outer context, ok bool) {
	if ctx == 0 || w.calls[ctx].sub != number {
		return 0, 0, false
	}
	return w.calls[ctx].call, w.calls[ctx].up, true
}

// holds gives the context for another place: the same within the same sub.
func (w *walk) holds(ctx context, from, to perlsrc.NodeID) context {
	if ctx != 0 && w.g.tree.EnclosingSub(from) != w.g.tree.EnclosingSub(to) {
		return 0
	}
	return ctx
}

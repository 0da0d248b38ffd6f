package makefile

import (
	"slices"

	"nacre/meta"
	"nacre/perlsrc"
)

// kind is what a value is known to be.
type kind uint8

const (
	unknown kind = iota // why says what only running would tell
	text                // a string or a number
	hash                // a reference to a hash, or a hash
	array               // a reference to an array, or an array
	nothing             // undef
	// maker is the version of ExtUtils::MakeMaker or Module::Build: whatever
	// it is, it is newer than any that a program asks for.
	maker
)

// value is what is known of a value of the program.
type value struct {
	kind kind
	text string
	hash *table
	list []value
	why  meta.Construct
	// cond is what it depends on that the value is in its list at all.
	cond *meta.Construct
}

// truth says whether perl takes it for true: 1, -1 for false, 0 not known.
func (v value) truth() int {
	switch {
	case v.kind == nothing, v.kind == text && (v.text == "" || v.text == "0"):
		return -1
	case v.kind != unknown:
		return 1
	}
	return 0
}

// pair is one key of a hash.
type pair struct {
	key   string
	value value
	line  int
	// cond is what it depends on; nil for what holds in any case.
	cond *meta.Construct
}

// table is a hash. A key may be there twice, where it depends on something what
// its value is.
type table struct {
	pairs []pair
	open  []meta.Construct // what may add more
}

// set gives a key a value. What it costs is counted, and a hash does not grow
// without end.
func (r *reader) set(t *table, p pair) {
	r.steps += len(t.pairs) / 64
	if p.cond == nil {
		t.remove(p.key, nil)
	}
	if len(t.pairs) >= maxValues {
		r.steps = maxSteps + 1
		return
	}
	t.pairs = append(t.pairs, p)
}

// remove takes a key away, or, under a condition, makes it depend on that.
func (t *table) remove(key string, cond *meta.Construct) {
	kept := t.pairs[:0]
	for _, p := range t.pairs {
		if p.key == key {
			if cond == nil {
				continue
			}
			if p.cond == nil {
				p.cond = cond
			}
		}
		kept = append(kept, p)
	}
	clear(t.pairs[len(kept):])
	t.pairs = kept
}

// get gives the value of a key that has one only.
func (t *table) get(key string) (value, bool) {
	var found value
	n := 0
	for _, p := range t.pairs {
		if p.key == key {
			found = p.value
			n++
		}
	}
	return found, n == 1
}

// all gives the pairs of a key.
func (t *table) all(key string) []pair {
	var out []pair
	for _, p := range t.pairs {
		if p.key == key {
			out = append(out, p)
		}
	}
	return out
}

// merge puts another hash's keys into t.
func (r *reader) merge(t, from *table, cond *meta.Construct) {
	pairs, open := from.pairs, from.open // t may be from itself
	if t == from {
		pairs = slices.Clone(pairs)
	}
	for _, p := range pairs {
		if !r.step() {
			return
		}
		if p.cond == nil {
			p.cond = cond
		}
		r.set(t, p)
	}
	for _, o := range open[:len(open):len(open)] {
		if !slices.Contains(t.open, o) {
			t.open = append(t.open, o)
		}
	}
}

// place is something that can be assigned to.
type place struct {
	name  string // of a variable, with its sigil: "$x", "@x", "%x"
	table *table // or a key of a hash
	key   string
}

// vars are the variables of the program. Scopes are not told apart: programs of
// this kind have none that hide each other.
type vars map[string]value

// tableOf gives the hash of a variable, or of a key, made at need; nil where it
// holds something else.
func (r *reader) tableOf(p place) *table {
	var v value
	ok := false
	if p.table != nil {
		all := p.table.all(p.key)
		if ok = len(all) > 0; ok {
			v = all[len(all)-1].value
		}
	} else {
		v, ok = r.vars[p.name]
	}
	switch {
	case ok && v.kind == hash:
		return v.hash
	case ok && v.kind == unknown:
		return nil
	}
	v = value{kind: hash, hash: &table{}}
	if p.table != nil {
		r.set(p.table, pair{key: p.key, value: v, line: r.line, cond: r.cond})
	} else {
		r.vars[p.name] = v
	}
	return v.hash
}

// unread is a value that only running would tell.
func (r *reader) unread(n perlsrc.NodeID, what string) value {
	return value{why: meta.Construct{Line: r.t.Line(n), What: what}}
}

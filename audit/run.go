package audit

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"time"

	"nacre/fault"
	"nacre/limit"
	"nacre/perlsrc/facts"
)

// The limits of one run.
const (
	MaxFile  = 16 << 20         // bytes of a file; a longer one is told and not read
	MaxHeld  = MaxFile          // bytes of all files that rules look at at a time; see held
	MaxTime  = 10 * time.Second // for one file, unless Options says otherwise
	MaxFound = 1000             // findings of one rule in one file; more are counted in a note
)

// Note is something that a reader of the findings must know: what was not
// read, or not to its end.
type Note struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	What    string `json:"what"`
	Partial bool   `json:"partial,omitempty"` // the answer lacks something because of it
}

// Options are what a run is told.
type Options struct {
	Rules   []*Rule          // as Compile gives them
	Chosen  bool             // Rules are some of all: comments that allow others may stand
	Jobs    int              // workers; 0 for one
	All     bool             // also tests and the author's own tools
	Critic  bool             // honour "## no critic" of the policies that rules name
	MaxTime time.Duration    // for one file, and for the release as a whole; 0 for no limit
	Now     func() time.Time // for MaxTime
	// Done is told after each file, by one goroutine at a time; nil for nobody.
	Done func(files int, size int64)

	stop     <-chan struct{} // closed when the run ends early: rules stop, too
	programs programs        // of the release
	held     *held           // the files that are in hand
}

// Result is what a run says of one file, or of the release as a whole, whose
// File is "".
type Result struct {
	File     string
	Role     Role
	Bytes    int
	Read     bool // rules looked at it
	Findings []Finding
	Notes    []Note

	stopped bool // the run ended while rules looked at it
}

// Compile reads the files of rules.
func Compile(rules []*Rule) error {
	seen := map[string]bool{}
	for _, r := range rules {
		doc, err := ParseDoc(r.Text)
		if err != nil {
			return err
		}
		if seen[doc.ID] {
			return fmt.Errorf("two rules are called %s", doc.ID)
		}
		seen[doc.ID], r.Doc = true, doc
	}
	return nil
}

// Check asks the rules about one file.
func Check(f *File, rel *Release, opt Options) Result {
	out := Result{File: f.Path, Role: f.Role, Bytes: len(f.Src), Read: true}
	f.clock = opt.clock()
	if f.Tree != nil && f.Tree.Err != nil {
		out.Notes = append(out.Notes, Note{File: f.Path, What: f.Tree.Err.Error(), Partial: true})
	}
	allowed, notes := allowances(f, opt.Critic)
	out.Notes = append(out.Notes, notes...)
	for _, r := range opt.Rules {
		check := r.Perl
		if f.Role == Native {
			check = r.Native
		}
		if check == nil || len(r.Words) > 0 && !f.Holds(r.Words...) {
			continue
		}
		p := &Pass{File: f, Release: rel, rule: r}
		check(p)
		out.take(f, p.found, allowed, r)
		if out.ends(&f.clock, r, opt.MaxTime) {
			break
		}
	}
	if out.stopped {
		return out
	}
	if !f.clock.late { // or a rule that was not asked might have found it
		out.idle(f, allowed, opt)
	}
	out.finish()
	return out
}

// CheckRelease asks the rules about the release as a whole, and tells what of its
// own statements could not be read.
func CheckRelease(rel *Release, opt Options) Result {
	out := Result{Read: true, Notes: rel.unread()}
	clock := opt.clock()
	// It keeps nothing for files: what is read late is not whole.
	whole := Release{FS: rel.FS, Files: rel.Files, Facts: rel.Facts, Prereqs: rel.Prereqs}
	if rel.FS != nil {
		whole.FS = timed{rel.FS, &clock}
	}
	allowed := map[string][]*allowance{}
	for _, r := range opt.Rules {
		if r.Release == nil {
			continue
		}
		p := &Pass{Release: &whole, rule: r, clock: &clock}
		r.Release(p)
		for i := range p.found {
			name := p.found[i].File
			if _, ok := allowed[name]; !ok {
				allowed[name] = rel.allowances(name, opt.Critic)
			}
			allow(&p.found[i], allowed[name], &r.Doc)
		}
		out.Findings = append(out.Findings, p.found...)
		if out.ends(&clock, r, opt.MaxTime) {
			break
		}
	}
	out.finish()
	return out
}

// take adds what a rule found.
func (out *Result) take(f *File, found []Finding, allowed []*allowance, r *Rule) {
	if len(found) > MaxFound {
		out.Notes = append(out.Notes, Note{File: f.Path, Partial: true, What: fmt.Sprintf("%d findings of %s, of which %d are told", len(found), r.Doc.ID, MaxFound)})
		found = found[:MaxFound]
	}
	for i := range found {
		allow(&found[i], allowed, &r.Doc)
	}
	out.Findings = append(out.Findings, found...)
}

// finish orders the findings and tells them apart: of several of one rule on one
// line the surest stays, and of these the most severe.
func (out *Result) finish() {
	slices.SortStableFunc(out.Findings, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(slices.Index(confidences, b.Confidence), slices.Index(confidences, a.Confidence)),
			cmp.Compare(slices.Index(severities, b.Severity), slices.Index(severities, a.Severity)),
		)
	})
	out.Findings = slices.CompactFunc(out.Findings, func(a, b Finding) bool {
		return a.File == b.File && a.Line == b.Line && a.Rule == b.Rule
	})
	seen := map[string]int{}
	for i := range out.Findings {
		out.Findings[i].Fingerprint = fingerprint(&out.Findings[i], seen)
	}
}

// Run asks the rules about every file of a release that they are for, and
// gives the results in order of path to yield, the release as a whole last. It
// ends early where yield returns false, or with the context's error: then it
// waits for nobody, gives what is done, and says how much is not. A worker may
// be within a file for a moment longer.
func Run(ctx context.Context, rel *Release, opt Options, yield func(Result) bool) error {
	jobs := max(opt.Jobs, 1)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	opt.stop = ctx.Done()
	opt.programs, opt.held = rel.programs(), newHeld()
	// Results wait for those before them: at most as many as there are slots.
	slots := make(chan struct{}, 4*jobs)
	results := work(ctx, rel, opt, jobs, slots)
	waiting := map[int]Result{}
	next, size := 0, int64(0)
	for next < len(rel.Files) && ctx.Err() == nil {
		select {
		case d := <-results:
			if !d.stopped {
				waiting[d.at] = d.Result
			}
		case <-ctx.Done():
		}
		for r, ok := waiting[next]; ok; r, ok = waiting[next] {
			delete(waiting, next)
			next++
			<-slots
			size += int64(r.Bytes)
			if opt.Done != nil {
				opt.Done(next, size)
			}
			if !yield(r) {
				return nil
			}
		}
	}
	if next == len(rel.Files) {
		last := make(chan Result, 1)
		go func() { last <- CheckRelease(rel, opt) }()
		select {
		case r := <-last:
			if !r.stopped {
				yield(r)
				return nil
			}
		case <-ctx.Done():
		}
	}
	for _, at := range slices.Sorted(maps.Keys(waiting)) {
		if !yield(waiting[at]) {
			return nil
		}
	}
	what := "the audit was stopped before the release as a whole was looked at"
	if left := len(rel.Files) - next - len(waiting); left > 0 {
		what = fmt.Sprintf("the audit was stopped before %d of %d files were looked at", left, len(rel.Files))
	}
	yield(Result{Notes: []Note{{Partial: true, What: what}}})
	return fault.Wrap(fault.Canceled, context.Cause(ctx), "audit")
}

// done is the result of the file number at.
type done struct {
	at int
	Result
}

// work starts the workers, and gives their results as they come. Each file takes
// one of the slots, which who reads the results gives back.
func work(ctx context.Context, rel *Release, opt Options, jobs int, slots chan<- struct{}) <-chan done {
	todo := make(chan int) // numbers of files
	results := make(chan done)
	for range jobs {
		go func() {
			for at := range todo {
				r := checkOne(rel, rel.Files[at], opt)
				select {
				case results <- done{at, r}:
				case <-ctx.Done():
					return
				}
			}
		}()
	}
	go func() {
		defer close(todo)
		for at := range rel.Files {
			select {
			case slots <- struct{}{}:
			case <-ctx.Done():
				return
			}
			select {
			case todo <- at:
			case <-ctx.Done():
				return
			}
		}
	}()
	return results
}

// checkOne reads a file and asks the rules about it.
func checkOne(rel *Release, name string, opt Options) Result {
	out := Result{File: name}
	role := RoleOf(name, nil)
	named := opt.programs.names[name] && role != Native
	if named {
		role = Program
	}
	passed := role
	if role == Native {
		// C among tests is theirs, too; folders called tools hold what is built.
		if passed = RoleOf(path.Join(path.Dir(name), "x.pm"), nil); passed != Test {
			passed = role
		}
	}
	if (passed == Test || passed == Author) && !opt.All {
		out.Role = passed
		return out
	}
	fail := func(err error) Result {
		out.Notes = append(out.Notes, Note{File: name, What: err.Error(), Partial: true})
		return out
	}
	file, err := rel.FS.Open(name)
	if err != nil {
		return fail(err)
	}
	defer file.Close()
	var head [facts.Head]byte
	n := 0
	if role != Native && !facts.ByName(name) {
		if n, err = io.ReadFull(file, head[:]); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && err != io.EOF {
			return fail(err)
		}
	}
	if role != Native && !facts.IsPerl(name, head[:n]) {
		return out
	}
	size := int64(MaxFile)
	if info, err := file.Stat(); err == nil {
		size = min(max(info.Size(), 0), MaxFile)
	}
	opt.held.take(size)
	defer opt.held.give(size)
	select {
	case <-opt.stop: // while others had the room
		out.stopped = true
		return out
	default:
	}
	src, err := limit.ReadAll(io.MultiReader(bytes.NewReader(head[:n]), file), MaxFile, "file size")
	if err != nil {
		return fail(err)
	}
	if role != Native && !named {
		role = RoleOf(name, src[:min(len(src), facts.Head)])
		if role == Program && opt.programs.isAuthors(name) {
			if role = Author; !opt.All {
				out.Role = role
				return out
			}
		}
	}
	f := NewFile(name, role, src)
	if role == Library && f.builds() {
		f.Role = Build
	}
	return Check(f, rel, opt)
}

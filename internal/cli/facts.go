package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"nacre/fault"
	"nacre/internal/command"
	"nacre/limit"
	"nacre/perlsrc/facts"
	"nacre/terminal"
)

// maxSource is the largest Perl file that is read, in bytes.
const maxSource = 16 << 20

// factsLine is one line of `nacre facts --format json`, after the first.
// Exactly one field is set.
type factsLine struct {
	File    *factsFile    `json:"file,omitempty"`
	Notice  *factsNotice  `json:"notice,omitempty"`
	Summary *factsSummary `json:"summary,omitempty"`
}

type factsFile struct {
	Path string `json:"path"`
	*facts.File
}

// factsNotice is a file, or a folder, that could not be read.
type factsNotice struct {
	Path    string `json:"path"`
	Text    string `json:"text"`
	Hint    string `json:"hint,omitempty"`
	Partial bool   `json:"partial"`
}

type factsSummary struct {
	Files   int  `json:"files"`
	Broken  int  `json:"broken"`
	Unread  int  `json:"unread"`
	Partial bool `json:"partial"`
}

func newFacts(env *Env) *cobra.Command {
	var format string
	var jobs int
	c := &cobra.Command{
		Use:   "facts FILE|DIR",
		Short: "Show what Perl files declare and load",
		Long: `Show what Perl source declares and loads: packages with their versions and
parents, use and require with versions, lists and conditions, subs, exports and
POD. Nothing is executed. What only running the program would tell is listed as
dynamic, with its line.

Of a folder, all files below it are read that end in .pm .pl .PL .t .psgi .pod
.al or .plx, and those without an ending, or with .cgi or .fcgi, whose first
line asks for perl. Links, and the folders .git, .hg and .svn, are passed over.
- is standard input.

The status is 0, or 3 where a file could not be read, or not to its end.`,
		Example: `  nacre facts examples/petshop
  nacre facts examples/petshop/lib --format json
  echo 'use JSON::PP 4 qw(decode_json);' | nacre facts -`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			asJSON, err := isJSONFormat(c, format)
			switch {
			case err != nil:
				return err
			case jobs < 0:
				return command.Usage(c, fmt.Errorf("-j %d is less than none", jobs))
			}
			out := &factsOutput{env: env, started: time.Now()}
			sources, err := openSources(env, args[0])
			if err != nil {
				return err
			}
			defer sources.close()
			if asJSON {
				if out.json, err = jsonLines(env, "nacre.facts/1"); err != nil {
					return err
				}
			}
			err = readFacts(c.Context(), sources, jobs, out.line)
			out.clear()
			if errors.Is(err, context.Canceled) { // what is done is printed
				out.summary.Partial = true
				_ = out.end()
			}
			if err != nil {
				return err
			}
			return out.end()
		},
	}
	c.Flags().IntVarP(&jobs, "jobs", "j", 0, "how many workers; 0 chooses")
	formatFlag(c, &format)
	return c
}

// sourceFiles are the Perl files that a call names.
type sourceFiles struct {
	name   string // of the one file, or the folder
	fsys   fs.FS  // nil for one file
	one    func() ([]byte, error)
	closer io.Closer
}

func (s *sourceFiles) close() {
	if s.closer != nil {
		s.closer.Close()
	}
}

// openSources opens a folder, a file, or standard input.
func openSources(env *Env, name string) (*sourceFiles, error) {
	if name == "-" {
		return &sourceFiles{name: "-", one: func() ([]byte, error) {
			return limit.ReadAll(env.Stdin, maxSource, "Perl file size")
		}}, nil
	}
	info, err := os.Stat(name)
	if err == nil && info.IsDir() {
		var root *os.Root
		if root, err = os.OpenRoot(name); err == nil {
			return &sourceFiles{name: name, fsys: root.FS(), closer: root}, nil
		}
	}
	if err == nil && !info.Mode().IsRegular() {
		return nil, fault.New(fault.Invalid, "%s is neither a folder nor a file", name).
			WithHint("name a folder or a file; what comes from a pipe is read as -")
	}
	var f *os.File
	if err == nil {
		f, err = os.Open(name)
	}
	if err != nil {
		kind := fault.KindOf(err)
		if p, ok := errors.AsType[*fs.PathError](err); ok {
			err = p.Err // the path is named before it
		}
		return nil, fault.Wrap(kind, err, "open %s", name).WithHint("name a Perl file, or a folder of them, that you can read")
	}
	return &sourceFiles{name: name, closer: f, one: func() ([]byte, error) {
		return limit.ReadAll(f, maxSource, "Perl file size")
	}}, nil
}

// readFacts reads all files with so many workers, and gives their lines to
// handle in order of their paths.
func readFacts(ctx context.Context, s *sourceFiles, jobs int, handle func(factsLine) error) error {
	if s.fsys == nil {
		src, err := s.one()
		return handle(factsOf(s.name, src, err))
	}
	if jobs == 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	ctx, stop := context.WithCancel(ctx)
	type task struct {
		path string
		err  error // why it cannot be walked
		line chan factsLine
	}
	tasks := make(chan task)                  // to the workers
	queue := make(chan task, 4*min(jobs, 64)) // in order, to handle
	var workers sync.WaitGroup
	for range min(jobs, 64) {
		workers.Go(func() {
			for t := range tasks {
				t.line <- sourceFacts(s, t.path)
			}
		})
	}
	go func() {
		defer close(queue)
		defer close(tasks)
		fs.WalkDir(s.fsys, ".", func(name string, entry fs.DirEntry, err error) error {
			t := task{path: name, err: err, line: make(chan factsLine, 1)}
			switch {
			case err != nil:
				t.line <- factsOf(path.Join(s.name, name), nil, err)
			case entry.IsDir() && slices.Contains([]string{".git", ".hg", ".svn"}, entry.Name()):
				return fs.SkipDir
			case !entry.Type().IsRegular(), facts.ByName(name) && !facts.IsPerl(name, nil):
				return ctx.Err()
			}
			select {
			case queue <- t:
			case <-ctx.Done():
				return ctx.Err()
			}
			if err == nil {
				tasks <- t
			}
			return nil
		})
	}()
	defer workers.Wait()
	defer func() {
		stop()
		for range queue { // lets the walk end
		}
	}()
	for t := range queue {
		if err := ctx.Err(); err != nil {
			return err
		}
		if line := <-t.line; line != (factsLine{}) {
			if err := handle(line); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// sourceFacts reads one file of a folder; it is no line for what is no Perl.
func sourceFacts(s *sourceFiles, name string) factsLine {
	shown := path.Join(s.name, name)
	f, err := s.fsys.Open(name)
	if err != nil {
		return factsOf(shown, nil, err)
	}
	defer f.Close()
	if !facts.ByName(name) {
		head := make([]byte, facts.Head)
		n, err := io.ReadFull(f, head)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return factsOf(shown, nil, err)
		}
		if !facts.IsPerl(name, head[:n]) {
			return factsLine{}
		}
		src, err := limit.ReadAll(io.MultiReader(strings.NewReader(string(head[:n])), f), maxSource, "Perl file size")
		return factsOf(shown, src, err)
	}
	src, err := limit.ReadAll(f, maxSource, "Perl file size")
	return factsOf(shown, src, err)
}

// factsOf is the line of a file that was read, or of one that was not.
func factsOf(name string, src []byte, err error) factsLine {
	if err == nil {
		return factsLine{File: &factsFile{Path: name, File: facts.Read(src)}}
	}
	hint := fault.HintOf(err)
	if hint == "" {
		hint = "make it readable, or name a folder without it"
	}
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		err = p.Err
	}
	if !utf8.ValidString(name) && (errors.Is(err, fs.ErrInvalid) || errors.Is(err, fs.ErrNotExist)) { // io/fs has no such names
		err, hint = errors.New("its name is not UTF-8"), "rename it, or hand it to nacre facts -"
	}
	return factsLine{Notice: &factsNotice{Path: name, Text: oneLine(err.Error()), Hint: hint, Partial: true}}
}

// factsOutput prints lines as they come.
type factsOutput struct {
	env     *Env
	json    *json.Encoder // nil for text
	summary factsSummary
	started time.Time
	shown   time.Time // when progress was
}

func (o *factsOutput) line(l factsLine) error {
	switch {
	case l.File != nil:
		o.summary.Files++
		if l.File.Broken != nil {
			o.summary.Broken++
			o.summary.Partial = true
		}
	case l.Notice != nil:
		o.summary.Unread++
		o.summary.Partial = true
	}
	o.progress()
	if o.json != nil {
		return o.json.Encode(l)
	}
	p := newPrinter(o.env)
	if l.Notice != nil {
		o.clear()
		fmt.Fprintf(o.env.Stderr, "nacre: read %s: %s\nhint: %s\n", terminal.Visible(l.Notice.Path), terminal.Visible(l.Notice.Text), l.Notice.Hint)
		return nil
	}
	printFacts(p, l.File)
	p.Blank()
	return p.flush(o.env)
}

// progress counts the files on a terminal, where the work takes over a second
// and the facts go elsewhere.
func (o *factsOutput) progress() {
	if o.env.IsTerminal(o.env.Stdout) || !o.env.IsTerminal(o.env.Stderr) {
		return
	}
	if now := time.Now(); now.Sub(o.started) > time.Second && now.Sub(o.shown) > 200*time.Millisecond {
		o.shown = now
		fmt.Fprintf(o.env.Stderr, "\r%d files\x1b[K", o.summary.Files)
	}
}

func (o *factsOutput) clear() {
	if !o.shown.IsZero() {
		fmt.Fprint(o.env.Stderr, "\r\x1b[K")
		o.shown = time.Time{}
	}
}

// end writes the last line and gives the status.
func (o *factsOutput) end() error {
	s := &o.summary
	var err error
	if o.json != nil {
		err = o.json.Encode(factsLine{Summary: s})
	} else {
		text := counted(s.Files, "file")
		if s.Broken > 0 {
			text += fmt.Sprintf(", %d not to its end", s.Broken)
		}
		if s.Unread > 0 {
			text += fmt.Sprintf(", %d could not be read", s.Unread)
		}
		p := newPrinter(o.env)
		p.text(0, text+".")
		err = p.flush(o.env)
	}
	if err == nil && s.Partial {
		return command.Status(3)
	}
	return err
}

// printFacts writes a file's facts for people.
func printFacts(p printer, f *factsFile) {
	p.title(f.Path, "")
	p.field("runs by", f.Shebang)
	for i := range f.Packages {
		p.field("package", packageText(&f.Packages[i]))
	}
	for _, when := range []struct {
		label string
		phase facts.Phase
	}{{"loads", facts.Compile}, {"running", facts.Run}, {"in subs", facts.Call}} {
		var texts []string
		for i := range f.Loads {
			if l := &f.Loads[i]; l.Phase == when.phase && !l.Dynamic {
				texts = append(texts, loadText(l))
			}
		}
		p.field(when.label, strings.Join(slices.Compact(texts), ", "))
	}
	var subs []string
	for _, s := range f.Subs {
		subs = append(subs, s.Name)
	}
	p.field("subs", strings.Join(slices.Compact(subs), ", "))
	for _, e := range f.Exports {
		text := strings.Join(e.Names, " ")
		if e.Tag != "" {
			text = ":" + e.Tag + " " + text
		}
		if e.Dynamic {
			text += " ..."
		}
		p.field("exports", text)
	}
	var pod []string
	for _, s := range f.Pod {
		if s.Command == "head1" {
			pod = append(pod, s.Title)
		}
	}
	p.field("pod", strings.Join(pod, ", "))
	for _, d := range f.Dynamic {
		p.field("dynamic", fmt.Sprintf("line %d, %s: %s", d.Line, d.What, d.Text))
	}
	if f.Broken != nil {
		p.field("broken", fmt.Sprintf("line %d: %s; what follows was not read", f.Broken.Line, f.Broken.What))
	}
}

func packageText(p *facts.Package) string {
	s := p.Name
	switch v := &p.Version; {
	case v.Dynamic:
		s += fmt.Sprintf(", version only known when run (line %d)", v.Line)
	case v.Invalid:
		s += fmt.Sprintf(", states %q, which is no version (line %d)", v.Text, v.Line)
	case v.Stated():
		s += " " + v.Text
	}
	if len(p.ISA) > 0 {
		s += ", from " + strings.Join(p.ISA, " ")
	}
	if p.DynamicISA {
		s += ", and from others only known when run"
	}
	return s
}

func loadText(l *facts.Load) string {
	s := l.Module
	if s == "" {
		s = `"` + l.File + `"`
	}
	if l.Version != "" {
		s += " " + l.Version
	}
	switch l.How {
	case facts.Use, facts.Require:
	case facts.No:
		s = "no " + s
	case facts.If:
	default:
		s += " (" + string(l.How) + ")"
	}
	if l.If != "" {
		s += " [" + l.If + "]"
	}
	if l.Optional {
		s += " [may fail]"
	}
	return s
}

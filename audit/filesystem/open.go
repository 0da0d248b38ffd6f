package filesystem

import (
	"iter"
	"strings"

	"nacre/audit"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// opened is a file or a command that is opened, however that is written.
type opened struct {
	call perlsrc.NodeID
	by   string         // "open", "sysopen", "IO::File"
	arg  perlsrc.NodeID // the argument that holds the name or the command
	name []piece        // of it, without a mode
	more []perlsrc.NodeID
	// two is set where the mode is a part of the name.
	two bool
	// mode is <, >, >>, +<, +>, +>>, | (a command is written to), -| or |-; &
	// where a handle is doubled, and empty where nothing says it.
	mode   string
	modeAt perlsrc.NodeID // the argument that is the mode
	flags  []string       // of sysopen, O_CREAT and its like; nil where they cannot be read
	perm   perlsrc.NodeID // of sysopen
}

// makes reports whether the file may be made or emptied.
func (o *opened) makes() bool {
	switch o.mode {
	case ">", ">>", "+>", "+>>":
		return true
	}
	return o.has("O_CREAT") || o.has("O_TRUNC")
}

// isNew reports whether only a file that was not there is opened.
func (o *opened) isNew() bool { return o.has("O_EXCL") || o.has("O_NOFOLLOW") }

func (o *opened) has(flag string) bool {
	for _, f := range o.flags {
		if f == flag {
			return true
		}
	}
	return false
}

// isCommand reports whether a command is started.
func (o *opened) isCommand() bool { return strings.Contains(o.mode, "|") }

var (
	modeAhead = lazyregexp.New(`\A\s*(\+?[<>]{1,2}|\|)(&=?)?\s*`)
	modeAlone = lazyregexp.New(`\A\s*(\+?[<>]{1,2}|-\||\|-)(&=?)?\s*(:.*)?\z`)
	modeOfC   = lazyregexp.New(`\A([rwa])(b?\+?|\+b)(:.*)?\z`)
)

type openedKey struct{}

// opens gives all that a file opens, in the order of its calls.
func opens(f *audit.File) []opened {
	return f.Memo(openedKey{}, func() any {
		var all []opened
		for n := range f.Calls("open", "sysopen", "new", "reader", "writer") {
			if o, ok := readOpen(f, n); ok {
				all = append(all, o)
			}
		}
		return all
	}).([]opened)
}

// files gives those that are no commands, and no handles that are doubled.
func files(f *audit.File) iter.Seq[*opened] {
	return func(yield func(*opened) bool) {
		all := opens(f)
		for i := range all {
			if f.Late() {
				return
			}
			if !all[i].isCommand() && all[i].mode != "&" && !yield(&all[i]) {
				return
			}
		}
	}
}

func readOpen(f *audit.File, n perlsrc.NodeID) (opened, bool) {
	call := f.Tree.Call(n)
	o := opened{call: n, by: call.Callee}
	args := call.Args
	switch {
	case call.Callee == "open" && !call.Method:
		if len(args) < 2 {
			return o, false
		}
		args = args[1:]
	case call.Callee == "sysopen" && !call.Method:
		if len(args) < 3 {
			return o, false
		}
		o.sys(f, args[1], args[2])
		if len(args) > 3 {
			o.perm = args[3]
		}
		return o, true
	case call.Method && (call.Callee == "reader" || call.Callee == "writer"):
		if len(args) == 0 || classOf(f, call.Invocant) != "IO::Pipe" {
			return o, false
		}
		o.mode, o.arg, o.name, o.more = "-|", args[0], pieces(f, args[0]), args[1:]
		return o, true
	case call.Method && isFileObject(f, call):
		o.by = "IO::File"
		if len(args) == 0 || strings.HasPrefix(string(f.Tree.Text(args[0])), "@") {
			return o, false // how many there are is said elsewhere
		}
		if len(args) > 1 {
			return o.object(f, args)
		}
	default:
		return o, false
	}
	if len(args) == 1 {
		o.together(f, withoutElse(f.Tree, args[0]))
		return o, true
	}
	o.modeAt, o.arg, o.more = args[0], args[1], args[2:]
	o.name = pieces(f, o.arg)
	mode := pieces(f, o.modeAt)
	if len(mode) > 0 && mode[0].node == 0 {
		if m := modeAlone.FindStringSubmatch(mode[0].text); m != nil {
			o.mode = m[1]
			if m[2] != "" {
				o.mode = "&"
			}
		}
	}
	return o, true
}

// withoutElse gives what || stands behind in "open F, $name || die", where it
// belongs to the name, and never to open.
func withoutElse(t *perlsrc.Tree, n perlsrc.NodeID) perlsrc.NodeID {
	if t.Nodes[n].Kind != perlsrc.LogicNode {
		return n
	}
	first := t.Nodes[n].Child
	end := t.Nodes[first].Next
	if t.Operator(end) != "||" || t.Nodes[end].Kind != perlsrc.CallNode {
		return n
	}
	switch audit.Unqualified(t.Callee(end)) {
	case "die", "croak", "confess", "warn", "carp", "return", "next", "last", "exit", "error", "fatal":
		return first
	}
	return n
}

// isFileObject reports whether a method opens a file by perl's own rules.
func isFileObject(f *audit.File, call perlsrc.Call) bool {
	class := call.Class
	if call.Callee == "open" && class == "" {
		class = classOf(f, call.Invocant)
	}
	return class == "IO::File" || class == "FileHandle"
}

// classOf gives the class of a variable that is assigned once, from new.
func classOf(f *audit.File, n perlsrc.NodeID) string {
	t := f.Tree
	if t.Nodes[n].Kind != perlsrc.TermNode {
		return ""
	}
	from := assignedOnce(f, n)
	for t.Nodes[from].Kind == perlsrc.LogicNode { // ... or die
		from = t.Nodes[from].Child
	}
	if t.Nodes[from].Kind != perlsrc.CallNode {
		return ""
	}
	if call := t.Call(from); call.Callee == "new" {
		return call.Class
	}
	return ""
}

// together reads the name that holds its mode.
func (o *opened) together(f *audit.File, arg perlsrc.NodeID) {
	o.two, o.arg = true, arg
	o.name = pieces(f, arg)
	if len(o.name) == 0 {
		return
	}
	if first := &o.name[0]; first.node == 0 {
		if m := modeAhead.FindStringSubmatch(first.text); m != nil {
			o.mode = m[1]
			if m[2] != "" {
				o.mode = "&"
			}
			first.text = first.text[len(m[0]):]
			if first.text == "-" && o.mode == "|" {
				o.mode = "|-"
			}
		}
	}
	if end := o.name[len(o.name)-1]; end.node == 0 && o.mode == "" && strings.HasSuffix(strings.TrimSpace(end.text), "|") {
		o.mode = "-|"
		o.name[len(o.name)-1].text = strings.TrimSuffix(strings.TrimSpace(end.text), "|")
	}
	if first := o.name[0]; first.node == 0 && first.text == "" {
		o.name = o.name[1:]
	}
}

// object reads IO::File->new($name, $mode, $perms).
func (o *opened) object(f *audit.File, args []perlsrc.NodeID) (opened, bool) {
	t := f.Tree
	mode, ok := t.Literal(args[1])
	switch {
	case !ok:
		if flags := flagsOf(f, args[1]); flags != nil {
			o.sys(f, args[0], args[1])
			if len(args) > 2 {
				o.perm = args[2]
			}
			return *o, true
		}
	case modeOfC.MatchString(mode):
		m := modeOfC.FindStringSubmatch(mode)
		o.mode = map[string]string{"r": "<", "w": ">", "a": ">>"}[m[1]]
		if strings.Contains(m[2], "+") {
			o.mode = "+" + o.mode
		}
	case modeAlone.MatchString(mode):
		o.mode = modeAlone.FindStringSubmatch(mode)[1]
	}
	o.modeAt, o.arg, o.name = args[1], args[0], pieces(f, args[0])
	return *o, true
}

// sys reads a name and its flags.
func (o *opened) sys(f *audit.File, name, flags perlsrc.NodeID) {
	o.by = "sysopen"
	o.arg, o.name, o.flags = name, pieces(f, name), flagsOf(f, flags)
	o.mode = "<"
	switch {
	case o.has("O_RDWR"):
		o.mode = "+<"
	case o.has("O_WRONLY"):
		o.mode = "w" // neither made nor emptied by itself
	}
}

// flagsOf gives the names of the flags that a node is made of.
func flagsOf(f *audit.File, n perlsrc.NodeID) []string {
	t := f.Tree
	if t.Nodes[n].Kind == perlsrc.TermNode {
		if from := assignedOnce(f, n); from != 0 {
			n = from
		}
	}
	var flags []string
	add := func(k perlsrc.NodeID) {
		if name := audit.Unqualified(t.Callee(k)); strings.HasPrefix(name, "O_") {
			flags = append(flags, name)
		}
	}
	if t.Nodes[n].Kind == perlsrc.CallNode {
		add(n)
	}
	for k := range t.All(n, perlsrc.CallNode) {
		add(k)
	}
	return flags
}

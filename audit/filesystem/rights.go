package filesystem

import (
	"strconv"
	"strings"

	"nacre/audit"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// othersWrite is the right of everybody to write, and sticky the bit that lets
// only owners delete in a folder.
const (
	othersWrite = 0o002
	sticky      = 0o1000
)

// modeOf gives the rights that a node is, as far as the source says: of a |
// with something unknown, those that are known. ok is false where it says
// nothing.
func modeOf(f *audit.File, n perlsrc.NodeID) (mode int, ok bool) { return modeDeep(f, n, 0) }

func modeDeep(f *audit.File, n perlsrc.NodeID, deep int) (mode int, ok bool) {
	t := f.Tree
	if n == 0 || deep > maxDeep {
		return 0, false
	}
	if text, ok := t.Literal(n); ok {
		i, err := strconv.Atoi(text)
		return i, err == nil
	}
	switch t.Nodes[n].Kind {
	case perlsrc.ListNode:
		if k := t.Nodes[n].Child; k != 0 && t.Nodes[k].Next == 0 {
			return modeDeep(f, k, deep+1)
		}
	case perlsrc.TermNode:
		if from := assignedOnce(f, n); from != 0 {
			return modeDeep(f, from, deep+1)
		}
	case perlsrc.CallNode:
		return modeCall(f, n, deep)
	case perlsrc.LogicNode: // $self->{mode} || 0666: what is taken where nobody says another
		if k := t.LastChild(n); t.Operator(k) == "||" || t.Operator(k) == "//" {
			return modeDeep(f, k, deep+1)
		}
	case perlsrc.ExprNode:
		for k := range t.Children(n) {
			switch op := t.Operator(k); {
			case op == "" && k == t.Nodes[n].Child, op == "|":
			default:
				return 0, false
			}
			if m, known := modeDeep(f, k, deep+1); known {
				mode, ok = mode|m, true
			}
		}
		return mode, ok
	}
	return 0, false
}

// rights are the constants of POSIX and Fcntl.
var rights = map[string]int{
	"S_IRWXU": 0o700, "S_IRUSR": 0o400, "S_IWUSR": 0o200, "S_IXUSR": 0o100,
	"S_IRWXG": 0o070, "S_IRGRP": 0o040, "S_IWGRP": 0o020, "S_IXGRP": 0o010,
	"S_IRWXO": 0o007, "S_IROTH": 0o004, "S_IWOTH": 0o002, "S_IXOTH": 0o001, "S_ISVTX": sticky,
}

func modeCall(f *audit.File, n perlsrc.NodeID, deep int) (int, bool) {
	t := f.Tree
	name := audit.Unqualified(t.Callee(n))
	if name == "oct" {
		text, ok := t.Literal(t.Arg(n, 0))
		if !ok {
			if from := assignedOnce(f, t.Arg(n, 0)); from != 0 {
				text, ok = t.Literal(from)
			}
		}
		i, err := strconv.ParseInt(strings.TrimPrefix(text, "0o"), 8, 32)
		return int(i), ok && err == nil
	}
	if m, ok := rights[name]; ok {
		return m, true
	}
	if value, ok := f.Flow().Value(n); ok {
		i, err := strconv.Atoi(value)
		return i, err == nil
	}
	return 0, false
}

// forAll reports whether rights let everybody write, outside of a folder like /tmp.
func forAll(mode int) bool {
	return mode&othersWrite != 0 && mode&sticky == 0 && mode >= 0 && mode <= 0o7777
}

var (
	wordsForAll = lazyregexp.New(`(?:\A|,)[ug]*[ao][ugoa]*[+=][rxXst]*w`)
	shellForAll = lazyregexp.New(`\bchmod\s+(?:-\w+\s+)*["']?(?:0?[0-7]{2}[2367]|[ug]*[ao][ugoa]*[+=][rxXst]*w[rwxXst]*)(?:["'\s]|\z)`)
	octalForAll = lazyregexp.New(`\A0?[0-7]{2}[2367]\z`)
)

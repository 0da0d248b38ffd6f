package filesystem

import (
	"io"
	"path"
	"strings"

	"nacre/audit"
	"nacre/csrc"
	"nacre/lazyregexp"
)

// In C the name of a file in a shared folder is mostly a macro, often of a header:
//
//	#define STATE  DIR "/.acme_state"
//	...
//	fd = fopen(STATE, "wb");

var (
	defined  = lazyregexp.New(`(?m)^[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]+([^\n]{1,200})`)
	included = lazyregexp.New(`(?m)^[ \t]*#[ \t]*include[ \t]+"([\w./-]{1,100})"`)
)

// others are folders for systems where the users share no such folder.
var others = lazyregexp.New(`(?i)(?:\A|/)(?:vms|win32|os2|symbian|amigaos4|dos)/`)

// Limits of what is read for the macros of a file.
const (
	maxHeaders = 16
	maxHeader  = 1 << 20
	maxDefines = 2000
	maxNested  = 6 // macros in macros
	maxValues  = 4 // definitions of one macro, under different conditions
)

// defines are the texts of macros without arguments.
type defines map[string][]string

// definesOf reads those of a file and of the headers beside it.
func definesOf(p *audit.Pass) defines {
	d := defines{}
	d.read(p.File.Src)
	for _, m := range included.FindAllSubmatch(p.File.Src, maxHeaders) {
		name := path.Join(path.Dir(p.File.Path), string(m[1]))
		if p.Release.FS == nil || !p.Release.Has(name) {
			continue
		}
		file, err := p.Release.FS.Open(name)
		if err != nil {
			continue // it is told where it is read for itself
		}
		src, err := io.ReadAll(io.LimitReader(file, maxHeader))
		if closed := file.Close(); err == nil && closed == nil {
			d.read(src)
		}
	}
	return d
}

func (d defines) read(src []byte) {
	for _, m := range defined.FindAllSubmatch(src, maxDefines) {
		if name := string(m[1]); len(d[name]) < maxValues {
			d[name] = append(d[name], strings.TrimSpace(string(m[2])))
		}
	}
}

// shared gives the path in a shared folder that an expression of C may be: strings
// one behind the other, and macros for them; "" for none.
func (d defines) shared(f *csrc.File, first, end, nested int) string {
	if first >= end || nested > maxNested {
		return ""
	}
	switch f.Tokens[first].Kind {
	case csrc.String:
		if text := strings.Trim(f.Text(first), `"`); sharedFolder.MatchString(text) {
			return text
		}
	case csrc.Word:
		if first+1 < end && f.Text(first+1) == "(" {
			return ""
		}
		for _, value := range d[f.Text(first)] {
			inner, _ := csrc.Parse([]byte(value)) // as far as its limits go
			if text := d.shared(inner, 0, len(inner.Tokens), nested+1); text != "" {
				return text
			}
		}
	}
	return ""
}

// sharedTempInC is FIL03 in C.
func sharedTempInC(p *audit.Pass) {
	if others.MatchString(p.File.Path) {
		return
	}
	c, _ := p.File.C() // what was read before a limit is what there is
	var known defines
	for _, fn := range c.Functions {
		c.Calls(fn.First, fn.End, func(call csrc.Call) bool {
			switch call.Name {
			case "fopen", "fopen64", "freopen", "PerlIO_open":
			default:
				return !p.File.Late()
			}
			if len(call.Args) < 2 || !writesInC(argText(c, call, 1)) {
				return !p.File.Late()
			}
			if known == nil {
				known = definesOf(p)
			}
			arg := call.Args[0]
			where := known.shared(c, arg.First, arg.End, 0)
			if where == "" && arg.End == arg.First+1 && c.Is(arg.First, csrc.Word) {
				where = known.put(c, fn, c.Text(arg.First), call.At)
			}
			if where != "" {
				p.Report(audit.Found{
					Line: c.Tokens[call.At].Line, Confidence: audit.Likely, Severity: audit.Medium,
					Message: "a file is made in a folder that everybody shares, under a name that can be known before",
				})
			}
			return !p.File.Late()
		})
	}
}

// writesInC reports whether a mode of fopen makes a file that may be there already.
func writesInC(mode string) bool {
	mode = strings.Trim(mode, `"`)
	return (strings.HasPrefix(mode, "w") || strings.HasPrefix(mode, "a")) && !strings.Contains(mode, "x")
}

// put gives the path in a shared folder that a variable of a function was given
// before a token, by = or sprintf; "" for none, and where mkstemp made its name.
func (d defines) put(c *csrc.File, fn csrc.Function, name string, before int) string {
	where := ""
	for i := fn.First; i+2 < before; i++ {
		if c.Text(i) == "=" && c.Text(i-1) == name {
			where = d.shared(c, i+1, before, 0)
		}
	}
	c.Calls(fn.First, before, func(call csrc.Call) bool {
		if len(call.Args) < 1 || argText(c, call, 0) != name {
			return true
		}
		switch call.Name {
		case "mkstemp", "mkstemps", "mkdtemp", "mkostemp":
			where = ""
		case "sprintf", "strcpy":
			if len(call.Args) > 1 {
				where = d.shared(c, call.Args[1].First, call.Args[1].End, 0)
			}
		case "snprintf", "my_snprintf", "strlcpy", "strncpy":
			for _, a := range call.Args[1:min(3, len(call.Args))] {
				if text := d.shared(c, a.First, a.End, 0); text != "" {
					where = text
				}
			}
		}
		return true
	})
	return where
}

package facts

import (
	"bytes"
	"strings"

	"nacre/perlsrc"
)

// quoted is a quote-like token in pieces.
type quoted struct {
	body, second, modifiers string
	interpolates            bool
}

func quotedParts(src []byte, t perlsrc.Token) quoted {
	q := t.Quoted(src)
	return quoted{
		body: string(q.Body.Text(src)), second: string(q.Second.Text(src)),
		modifiers: q.Modifiers, interpolates: q.Interpolates,
	}
}

// unquote is the text of a string into which nothing is put.
func unquote(src []byte, t perlsrc.Token) (string, bool) { return perlsrc.Unquote(src, t) }

// literal is the text of the string or here-document at i, where it is a
// literal.
func (w *walker) literal(i int) (string, bool) {
	switch w.kind(i) {
	case perlsrc.Quote:
		return unquote(w.src, w.toks[i])
	case perlsrc.HereDoc:
		body, ok := w.body(i)
		if !ok {
			return "", false
		}
		return perlsrc.UnquoteHere(w.src, w.toks[i], body)
	}
	return "", false
}

// body is the lines of the here-document at i.
func (w *walker) body(i int) (perlsrc.Token, bool) {
	body, ok := w.bodies[w.toks[i].Here]
	for more := true; !ok && more; body, ok = w.bodies[w.toks[i].Here] {
		more = w.has(len(w.toks))
	}
	return body, ok
}

// evaluated reads the string at i as Perl, for what it loads. What is put into
// it stays as the variable that it is written as: "use $module" is then the
// load of something that only running would tell. It reports whether the string
// does nothing but load, so that its loads say all.
func (w *walker) evaluated(i int) bool {
	t := w.toks[i]
	src, part, line := w.src, perlsrc.Span{}, w.lineOf(i)
	q := t.Quoted(w.src)
	switch t.Kind {
	case perlsrc.Quote:
		part = q.Body
		line += bytes.Count(w.src[t.Start:part.Start], []byte("\n"))
	case perlsrc.HereDoc:
		body, ok := w.body(i)
		if !ok {
			return false
		}
		part = perlsrc.HereLines(w.src, body)
		line = body.Line + w.line
	default:
		return false
	}
	if w.inText >= maxDepth {
		return false
	}
	if text := part.Text(w.src); bytes.IndexByte(text, '\\') >= 0 {
		src = unescaped(text, q.Interpolates)
		part = perlsrc.Span{Start: 0, End: len(src)}
	}
	before := len(w.file.Loads)
	inner := walker{
		src: src, scan: perlsrc.NewScannerAt(src, part, 1), line: line - 1, inText: w.inText + 1,
		file: w.file, context: w.context, used: w.used, dsn: w.dsn, budget: 1000,
	}
	subs, exports := len(w.file.Subs), len(w.file.Exports)
	inner.walk(nil)
	if _, literal := w.literal(i); literal {
		inner.finish()
		for _, p := range inner.packages {
			if w.byName[p.Name] == nil {
				*w.declare(p.Name, p.Line) = *p
			}
		}
	} else { // made of what is not known
		w.file.Subs, w.file.Exports = w.file.Subs[:subs], w.file.Exports[:exports]
	}
	for n := before; n < len(w.file.Loads); n++ {
		l := &w.file.Loads[n]
		l.Optional = true // eval catches what goes wrong
		if l.Phase == Compile {
			l.Phase = w.phase
		}
		if l.If == "" {
			l.If = w.cond
		}
	}
	return inner.onlyLoads()
}

// replacement reads the second half of the s///e at i, which is code.
func (w *walker) replacement(i int) {
	t := w.toks[i]
	q := t.Quoted(w.src)
	if !q.Code || w.inText >= maxDepth {
		return
	}
	line := w.lineOf(i) + bytes.Count(w.src[t.Start:q.Second.Start], []byte("\n"))
	inner := walker{
		src: w.src, scan: perlsrc.NewScannerAt(w.src, q.Second, 1), line: line - 1, inText: w.inText + 1, inCode: true,
		file: w.file, context: w.context, used: w.used, dsn: w.dsn, budget: 1000,
	}
	inner.walk(nil)
}

// onlyLoads reports whether every statement of an evaluated string is a load,
// or a constant.
func (w *walker) onlyLoads() bool {
	start := true
	for n, t := range w.toks {
		if start {
			switch {
			case w.is(n, "use"), w.is(n, "require"), w.is(n, "no"), w.is(n, ";"), t.Kind == perlsrc.Number:
			default:
				return false
			}
		}
		start = w.is(n, ";")
	}
	return true
}

// unescaped takes the backslashes off a string that will be read as Perl.
func unescaped(text []byte, interpolates bool) []byte {
	var b bytes.Buffer
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 >= len(text) {
			b.WriteByte(text[i])
			continue
		}
		i++
		switch c := text[i]; {
		case interpolates && c == 'n':
			b.WriteByte('\n')
		case interpolates && c == 't':
			b.WriteByte('\t')
		case interpolates && isWordByte(c), !interpolates && c != '\\' && c != '\'':
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.Bytes()
}

// dsnOf is the driver that a DBI data source names; "" for what is none, and
// "$" where only running would tell.
func dsnOf(body string) string {
	if len(body) < 5 || !strings.EqualFold(body[:4], "dbi:") {
		return ""
	}
	n := 4
	for n < len(body) && isWordByte(body[n]) {
		n++
	}
	switch {
	case n < len(body) && (body[n] == '$' || body[n] == '@'):
		return "$"
	case n == 4 || n >= len(body) || body[n] != ':' && body[n] != '(':
		return ""
	}
	return body[4:n]
}

// quote takes notice of strings that load by what they say: DBI data sources.
func (w *walker) quote(i int) {
	t := w.toks[i]
	if t.End-t.Start < 200 && bytes.Contains(w.src[t.Start:t.End], []byte(":encoding(")) {
		w.implicit(i, "PerlIO")
		w.implicit(i, "PerlIO::encoding")
	}
	if head := w.src[t.Start:min(t.End, t.Start+9)]; len(head) < 6 || bytes.IndexByte(head, ':') < 0 || !bytes.Contains(bytes.ToLower(head), []byte("dbi:")) {
		return
	}
	driver := dsnOf(quotedParts(w.src, t).body)
	if driver == "" || w.is(i+1, "=>") && !w.is(i-1, "(") {
		return
	}
	l := w.here(i, DBI)
	if driver == "$" {
		l.Dynamic, l.Expr, l.Prefix = true, w.between(i, i+1), "DBD::"
	} else {
		l.Module = "DBD::" + driver
	}
	if w.kind(i-2) == perlsrc.Variable && (w.is(i-1, "=") || w.is(i-1, "//=") || w.is(i-1, "||=")) {
		w.dsn[w.text(i-2)] = true
	}
	w.add(l)
}

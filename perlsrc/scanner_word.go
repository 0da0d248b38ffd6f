package perlsrc

// wclass says what perl expects behind a word, and what a brace there begins.
type wclass uint8

const (
	wPlain   wclass = iota // a function or class that nobody told us of
	wKey                   // a word that is no more than its letters: a hash key, a method's name
	wNone                  // time, wait, __FILE__: takes no argument
	wTerm                  // takes a value: unary functions, control words
	wDor                   // takes one or none, and // behind it is an operator: shift, pop
	wBinary                // and, or, eq, x
	wList                  // a list operator: join, push, die
	wPrint                 // one that may have a file handle or block first: print, printf, say, exec, system, sort
	wMap                   // map, grep
	wDo                    // do, eval: a block behind them is a value
	wControl               // BEGIN, else, try: a block behind them is a statement's
	wDeclare               // my, our, state
	wSub
	wPackage
	wContext // method, class, field: declarations where they can be nothing else
	wFormat
	wEnd // __END__, __DATA__
	wQuote
	wPattern
)

// binary says whether the word stands between two values or ends one.
func (w wclass) binary() bool { return w == wBinary }

// takesHandle says whether a scalar right behind the word may be a handle or a
// block's name, with what it acts on behind it: print $fh "text".
func (w wclass) takesHandle() bool { return w == wPrint || w == wList }

// block says what a { right behind the word begins.
func (w wclass) block() brace {
	switch w {
	case wControl:
		return bBlock
	case wDo:
		return bValue
	case wTerm, wBinary, wList, wDor:
		return bHash
	}
	return bTermBlock
}

// expects says what perl expects behind the word.
func (w wclass) expects() expect {
	switch w {
	case wPlain, wContext:
		return xMaybe
	case wKey, wNone, wEnd:
		return xOp
	case wDor:
		return xDor
	case wControl:
		return xState
	}
	return xTerm
}

// wordLike reads what begins with a letter: a word, a label, a quote-like
// operator, a v-string, an attribute.
func (s *Scanner) wordLike() Kind {
	if s.attrs {
		if end := s.identEnd(s.pos); end > s.pos {
			return s.attribute(end)
		}
	}
	start := s.pos
	if s.src[start] == 'x' && (s.exp == xOp || s.exp == xMaybe) && s.repeats(start) {
		return s.repeat()
	}
	end := s.identEnd(start)
	s.steps += end - start
	text := s.src[start:end]
	named := s.decl == dSub || s.decl == dPackage && s.last == Word && s.word == wPackage
	if s.plain || named || s.last == Operator && s.op == arrow {
		key := s.plain || s.last == Operator
		s.plain = false
		s.pos = max(s.nameEnd(start), start+1)
		if s.decl == dPackage {
			s.wordDone(wKey)
			s.exp = xTerm // a version may follow
			return Word
		}
		if key {
			return s.wordDone(wKey)
		}
		s.wordDone(wKey)
		s.decl, s.named = dNamed, Span{start, s.pos}
		return Word
	}
	w := wPlain
	if len(text) > 0 {
		w = wordClass(text)
	}
	quoting := w == wQuote || w == wPattern
	if c := s.at(end); c == ':' && s.at(end+1) == ':' && !quoting || c == '\'' && w == wPlain || len(text) == 0 {
		if full := s.nameEnd(start); full > end {
			end = full
			w = wPlain
			if len(text) == 4 && string(text) == "CORE" {
				w = wordClass(s.src[min(start+6, end):end])
				if w == wQuote || w == wPattern || w == wEnd || w == wFormat || w == wSub {
					w = wPlain
				}
			}
			quoting = false
		}
	}
	s.pos = max(end, start+1)
	if s.arrowAt(end, quoting) {
		if s.constants {
			s.takesNothing(Span{start, end})
		}
		return s.wordDone(wKey)
	}
	if quoting {
		return s.quoteLike(start, end, w)
	}
	if w == wPlain && len(text) > 1 && text[0] == 'v' && class[text[1]] == cDigit && s.exp != xOp && end == start+len(text) {
		if i := s.vstring(start + 1); i > 0 {
			s.pos = i
			s.valueDone(VString)
			return VString
		}
	}
	if (s.exp == xState || s.last == Structure && s.closed == bTermBlock) && s.isLabel(end) {
		s.last, s.exp, s.op = Label, xState, 0
		return Label
	}
	switch w {
	case wEnd:
		s.mark = true
		s.last = EndMark
		return EndMark
	case wFormat:
		if s.isFormat(end) {
			s.format = formatWord
			return s.wordDone(wKey)
		}
		w = wPlain
	case wContext:
		return s.context(text, end)
	case wPlain:
		name := s.src[start:end]
		if s.nullary[string(name)] {
			return s.wordDone(wNone)
		}
		s.constants = s.constants || s.last == Word && s.word == wTerm && string(name) == "constant"
		// Of "print WORD %h" the word is a file handle, of "WORD %h" a constant.
		s.upper = isUpper(name) && !(s.last == Word && s.word == wPrint)
	}
	return s.wordDone(w)
}

// wordDone notes a word of class w that ends at pos.
func (s *Scanner) wordDone(w wclass) Kind {
	was := s.decl
	s.last, s.word, s.exp = Word, w, w.expects()
	s.decl, s.attrs = 0, false
	switch w {
	case wDeclare:
		s.decl = dMy
	case wSub:
		s.decl = dSub
	case wPackage:
		s.decl = dPackage
	default:
		if was == dMy || was == dPackage {
			s.decl = was // my Class $x; package Foo 1.2 {
		}
	}
	return Word
}

// takesNothing notes a word that this file declares to take no arguments, so
// that an operator follows it.
func (s *Scanner) takesNothing(name Span) {
	if s.nullary == nil {
		s.nullary = map[string]bool{}
	}
	s.nullary[string(name.Text(s.src))] = true
}

// context reads method, class or field, which declare something only where a
// statement begins and a name or variable follows.
func (s *Scanner) context(text []byte, end int) Kind {
	next := s.at(s.skipSpace(end))
	if s.exp == xState && next != s.at(end) {
		switch {
		case text[0] == 'f' && (next == '$' || next == '@' || next == '%'):
			return s.wordDone(wDeclare)
		case text[0] == 'm' && isIdent(next):
			return s.wordDone(wSub)
		case text[0] == 'c' && isIdent(next):
			return s.wordDone(wPackage)
		}
	}
	s.upper = false
	return s.wordDone(wPlain)
}

// repeats says whether the x at start is the operator: alone, or before
// digits, as in "-"x3. It looks no further than those: what it leaves of a long
// word is read again.
func (s *Scanner) repeats(start int) bool {
	i := start + 1
	for class[s.at(i)] == cDigit {
		i++
	}
	switch {
	case s.continues(i):
		return s.exp == xOp && i > start+1
	case i > start+1:
		return !s.arrowAt(i, false)
	}
	i = s.skipSpace(i)
	if s.exp == xMaybe && s.last == Word && s.word == wPlain && !s.upper {
		switch s.at(i) {
		case ',', ')', ';', '}', '-':
			return false
		}
	}
	return s.at(i) != '=' || s.at(i+1) != '>'
}

// repeat reads x or x=.
func (s *Scanner) repeat() Kind {
	s.pos++
	if s.at(s.pos) == '=' && s.at(s.pos+1) != '=' && s.at(s.pos+1) != '~' && s.at(s.pos+1) != '>' {
		s.pos++
		return s.operatorDone('=')
	}
	return s.wordDone(wBinary)
}

// arrowAt says whether => follows a word that ends at i, which makes it a
// string whatever it is. Blanks, line ends and comments may lie between.
func (s *Scanner) arrowAt(i int, quoting bool) bool {
	for start := i; ; {
		switch c := s.at(i); {
		case c == '=':
			return s.at(i+1) == '>'
		case c == '\n' && len(s.here) > 0:
			return false
		case isSpace(c):
			i++
		case c == '#' && (i > start || !quoting):
			i = s.lineEnd(i)
		default:
			return false
		}
		s.steps++
	}
}

// isLabel says whether a colon follows the word that ends at i, and moves
// behind it.
func (s *Scanner) isLabel(i int) bool {
	for s.at(i) == ' ' || s.at(i) == '\t' {
		i++
	}
	if s.at(i) != ':' || s.at(i+1) == ':' {
		return false
	}
	s.pos = i + 1
	return true
}

// attribute reads a declaration's attribute, whose name ends at end.
func (s *Scanner) attribute(end int) Kind {
	line := s.line
	d := s.decl
	s.pos = end
	if s.at(end) == '(' {
		i, ok := s.delimited(end, 1)
		if !ok {
			return s.fail(line, "attribute whose arguments begin here never ends")
		}
		s.pos = i
	}
	s.last, s.exp = Attribute, xOp
	s.attrs, s.decl = true, d
	return Attribute
}

// isUpper says whether a word has no small letter.
func isUpper(b []byte) bool {
	for _, c := range b {
		if c >= 'a' && c <= 'z' {
			return false
		}
	}
	return true
}

// wordClass knows perl's own words.
func wordClass(b []byte) wclass {
	switch string(b) {
	case "time", "times", "wait", "wantarray", "fork", "getppid", "getlogin", "break",
		"endgrent", "endhostent", "endnetent", "endprotoent", "endpwent", "endservent",
		"getgrent", "gethostent", "getnetent", "getprotoent", "getpwent", "getservent",
		"setgrent", "setpwent", "__FILE__", "__LINE__", "__PACKAGE__", "__SUB__", "__CLASS__":
		return wNone
	case "shift", "pop", "getc", "umask", "pos", "readline", "readlink", "undef":
		return wDor
	case "and", "or", "xor", "x", "eq", "ne", "lt", "gt", "le", "ge", "cmp", "isa",
		"if", "unless", "while", "until", "for", "foreach", "when":
		return wBinary
	case "not", "return", "elsif", "given", "use", "no", "require", "local", "last", "next", "redo", "goto", "dump",
		"abs", "alarm", "caller", "chdir", "chr", "chroot", "close", "closedir", "cos", "dbmclose", "defined", "delete",
		"each", "eof", "exists", "exit", "exp", "fc", "fileno", "getpeername", "getpgrp", "getsockname",
		"gethostbyname", "getnetbyname", "getprotobyname", "getprotobynumber", "getpwnam", "getpwuid", "getgrnam", "getgrgid",
		"gmtime", "hex", "int", "keys", "lc", "lcfirst", "length", "localtime", "lock", "log", "lstat", "oct", "ord",
		"prototype", "quotemeta", "rand", "readdir", "readpipe", "ref", "reset", "rewinddir", "rmdir", "scalar", "select",
		"sethostent", "setnetent", "setprotoent", "setservent", "sin", "sleep", "sqrt", "srand", "stat", "study", "tell",
		"telldir", "tied", "uc", "ucfirst", "untie", "values", "evalbytes":
		return wTerm
	case "accept", "atan2", "bind", "binmode", "bless", "chmod", "chown", "connect", "crypt", "dbmopen", "die", "fcntl",
		"flock", "formline", "getpriority", "getservbyname", "getservbyport", "gethostbyaddr", "getnetbyaddr", "getsockopt", "index", "ioctl", "join",
		"kill", "link", "listen", "mkdir", "msgctl", "msgget", "msgrcv", "msgsnd", "open", "opendir", "pack", "pipe",
		"push", "read", "recv", "rename", "reverse", "rindex", "seek", "seekdir", "semctl", "semget", "semop", "send",
		"setpgrp", "setpriority", "setsockopt", "shmctl", "shmget", "shmread", "shmwrite", "shutdown", "socket",
		"socketpair", "splice", "split", "sprintf", "substr", "symlink", "syscall", "sysopen", "sysread", "sysseek",
		"syswrite", "tie", "truncate", "unlink", "unpack", "unshift", "utime", "vec", "waitpid", "warn", "write":
		return wList
	case "print", "printf", "say", "exec", "system", "sort":
		return wPrint
	case "map", "grep":
		return wMap
	case "do", "eval":
		return wDo
	case "BEGIN", "END", "INIT", "CHECK", "UNITCHECK", "ADJUST", "else", "continue", "try", "catch", "finally", "defer", "default":
		return wControl
	case "my", "our", "state":
		return wDeclare
	case "sub":
		return wSub
	case "package":
		return wPackage
	case "method", "class", "field":
		return wContext
	case "format":
		return wFormat
	case "__END__", "__DATA__":
		return wEnd
	case "q", "qq", "qw", "qx", "y", "tr":
		return wQuote
	case "m", "s", "qr":
		return wPattern
	}
	return wPlain
}

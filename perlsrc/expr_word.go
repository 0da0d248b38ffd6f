package perlsrc

import "bytes"

// arity is how a builtin function takes its arguments.
type arity uint8

const (
	unknownArity arity = iota
	nullary            // time, wait
	unary              // named unary operators: at most one argument, bound tightly
	variadic           // list operators
	jump               // next, last, redo, goto: a label or an expression
	printing           // a file handle may be first
	blockFirst         // map, grep, sort: a block may be first
)

// arityOf tells the functions of perlfunc whose arguments may stand without
// parentheses, and how they are taken.
func arityOf(word []byte) arity {
	switch string(word) {
	case "break", "endgrent", "endhostent", "endnetent", "endprotoent", "endpwent", "endservent", "fork", "getgrent",
		"gethostent", "getlogin", "getnetent", "getppid", "getprotoent", "getpwent", "getservent", "setgrent",
		"setpwent", "time", "times", "wait", "wantarray", "__SUB__":
		return nullary
	case "abs", "dbmclose", "glob", "prototype", "alarm", "caller", "chdir", "chomp", "chop", "chr", "chroot", "close", "closedir", "cos", "defined",
		"delete", "each", "exists", "exit", "exp", "fc", "fileno", "getc", "getgrgid", "getgrnam", "gethostbyname",
		"getnetbyname", "getpeername", "getpgrp", "getprotobyname", "getprotobynumber", "getpwnam", "getpwuid",
		"getsockname", "gmtime", "hex", "int", "keys", "lc", "lcfirst", "length", "localtime", "lock", "log",
		"lstat", "oct", "ord", "pop", "pos", "quotemeta", "rand", "readdir", "readline", "readlink", "readpipe",
		"ref", "require", "reset", "rewinddir", "rmdir", "scalar", "sethostent", "setnetent", "setprotoent",
		"setservent", "shift", "sin", "sleep", "sqrt", "srand", "stat", "study", "tell", "telldir", "tied", "uc",
		"ucfirst", "umask", "undef", "untie", "values", "write", "eof", "do", "eval", "evalbytes":
		return unary
	case "accept", "gethostbyaddr", "getnetbyaddr", "atan2", "binmode", "bind", "bless", "chmod", "chown", "connect", "crypt", "dbmopen",
		"die", "fcntl", "flock", "formline", "getpriority", "getservbyname", "getservbyport", "getsockopt",
		"index", "ioctl", "join", "kill", "link", "listen", "mkdir", "msgctl", "msgget", "msgrcv", "msgsnd", "open",
		"opendir", "pack", "pipe", "push", "read", "recv", "rename", "return", "reverse", "rindex", "seek",
		"seekdir", "select", "semctl", "semget", "semop", "send", "setpgrp", "setpriority", "setsockopt", "shmctl",
		"shmget", "shmread", "shmwrite", "shutdown", "socket", "socketpair", "splice", "split", "sprintf", "substr",
		"symlink", "syscall", "sysopen", "sysread", "sysseek", "syswrite", "tie", "truncate", "unlink", "unpack",
		"unshift", "utime", "vec", "waitpid", "warn":
		return variadic
	case "next", "last", "redo", "goto", "dump":
		return jump
	case "print", "printf", "say", "exec", "system":
		return printing
	case "map", "grep", "sort":
		return blockFirst
	}
	return unknownArity
}

// IsFunction says whether a word is one of perlfunc's that take arguments as
// operators do, with or without CORE:: before it.
func IsFunction(word string) bool {
	return arityOf(core([]byte(word))) != unknownArity
}

// takesHandle says whether a function's first argument may be a file handle
// that is a bare word.
func takesHandle(word []byte) bool {
	switch string(word) {
	case "open", "close", "binmode", "eof", "fileno", "getc", "read", "sysread", "syswrite", "sysopen", "sysseek", "seek", "tell",
		"truncate", "flock", "opendir", "closedir", "readdir", "rewinddir", "telldir", "seekdir", "readline", "select",
		"stat", "lstat", "fcntl", "ioctl", "socket", "accept", "bind", "connect", "listen", "send", "recv", "shutdown", "pipe", "write", "chdir":
		return true
	}
	return false
}

// core takes the CORE:: off a word.
func core(word []byte) []byte { return bytes.TrimPrefix(word, []byte("CORE::")) }

// quoted reads a word that perl takes for its own name.
func (p *parser) quoted() NodeID {
	n := p.leaf(TermNode)
	p.t.Nodes[n].flags |= isQuoted
	return n
}

// word reads what begins with a word.
func (p *parser) word() NodeID {
	w, next := p.text(), p.following()
	if p.tokenIsOperator(next, "=>") || bytes.HasSuffix(w, []byte("::")) {
		return p.quoted()
	}
	switch string(w) {
	case "my", "our", "local", "state", "field":
		if n := p.declare(next); n != 0 {
			return n
		}
	case "sub":
		return p.sub()
	case "method", "fun", "func":
		if p.tokenIs(next, '{') || next.Kind == Prototype || p.tokenIs(next, '(') && string(w) != "method" {
			return p.sub()
		}
	case "not":
		n := p.open(LogicNode)
		c := children{parent: n}
		p.advance()
		p.add(&c, p.climb(levelComma))
		return p.close(n)
	case "__PACKAGE__", "__CLASS__", "__FILE__", "__LINE__":
		return p.quoted()
	case "if", "unless", "while", "until", "for", "foreach", "and", "or", "xor":
		return 0 // no operand, but what ends the expression that wants one
	case "new":
		if n := p.indirect(next); n != 0 {
			return n
		}
	}
	a := arityOf(core(w))
	if p.tokenIsOperator(next, "->") && a == unknownArity {
		return p.quoted()
	}
	n := p.open(CallNode)
	p.t.Nodes[n].name = p.pos
	c := children{parent: n}
	p.advance()
	switch a {
	case nullary:
		if !p.parenArguments(n, &c) {
			p.t.Nodes[n].flags |= isBare
		}
	case unary:
		p.unary(n, &c, core(w))
	case jump:
		if p.kind() == Word && !p.modifier() && p.levelHere() == levelNone && !p.tokenIs(p.following(), '(') {
			p.add(&c, p.quoted())
		} else if p.startsTerm() {
			p.add(&c, p.climb(levelAssign))
		} else {
			p.t.Nodes[n].flags |= isBare
		}
	case printing:
		p.printing(n, &c)
	case blockFirst:
		p.blockFirst(n, &c, string(core(w)) == "sort")
	case variadic:
		p.variadic(n, &c, core(w))
	default:
		p.user(n, &c, w)
	}
	return p.close(n)
}

// declare reads my, our, local, state and field with their variables.
func (p *parser) declare(next Token) NodeID {
	switch {
	case next.Kind == Variable || next.Kind == Cast || next.Kind == Word:
	case p.tokenIs(next, '(') || p.tokenIsOperator(next, "\\"):
	default:
		return 0
	}
	n := p.open(DeclareNode)
	c := children{parent: n}
	local := string(p.text()) == "local"
	p.advance()
	if p.kind() == Word && string(p.text()) == "sub" {
		p.add(&c, p.sub())
		return p.close(n)
	}
	if p.kind() == Word && !local {
		for p.kind() == Word { // my Class $x
			p.advance()
		}
	}
	switch {
	case local:
		p.add(&c, p.operand())
	case p.is('('):
		p.add(&c, p.bracket(ListNode, ')'))
	case p.kind() == Variable:
		p.add(&c, p.leaf(TermNode))
	case p.isOperator("\\"):
		p.add(&c, p.variable())
	}
	for p.isOperator(":") && p.following().Kind == Attribute || p.kind() == Attribute {
		p.advance()
	}
	return p.close(n)
}

// indirect reads new Class(...) and new $class(...), the only form of the
// indirect object that is read; none where it is something else.
func (p *parser) indirect(next Token) NodeID {
	switch next.Kind {
	case Word:
		if wordLevel(next.Text(p.t.Src)) != levelNone || p.modifierWord(next) {
			return 0
		}
	case Variable:
		if p.t.Src[next.Start] != '$' {
			return 0
		}
	default:
		return 0
	}
	i := p.pos + 1
	for p.t.Tokens[i].Start != next.Start {
		i++
	}
	behind := p.after(i)
	if p.tokenIsOperator(behind, "->") || p.tokenIsOperator(behind, ",") || p.tokenIsOperator(behind, "=>") ||
		next.Kind == Variable && (p.tokenIs(behind, '[') || p.tokenIs(behind, '{') || behind.Kind == Operator) {
		return 0
	}
	n := p.open(CallNode)
	p.t.Nodes[n].name = p.pos
	p.t.Nodes[n].flags |= isMethod | hasInvocant
	c := children{parent: n}
	p.advance()
	p.add(&c, p.quoted())
	if !p.parenArguments(n, &c) && p.startsTerm() && !p.is('[') && !p.is('{') {
		p.arguments(&c)
	}
	return p.close(n)
}

func (p *parser) modifierWord(t Token) bool {
	switch string(t.Text(p.t.Src)) {
	case "if", "unless", "while", "until", "for", "foreach":
		return true
	}
	return false
}

// startsTerm says whether the current token can begin an argument.
func (p *parser) startsTerm() bool {
	switch p.kind() {
	case Number, VString, Variable, Cast, Quote, Words, Command, Match, Pattern, Substitute, Translate, Readline, Glob, HereDoc:
		return true
	case Word:
		if p.tokenIsOperator(p.following(), "=>") {
			return true
		}
		return !p.modifier() && p.levelHere() == levelNone
	case Structure:
		return p.is('(') || p.is('[') || p.is('{')
	case Operator:
		return p.prefix() || p.isOperator("...") || p.isOperator("<")
	}
	return false
}

// unary reads the argument of a named unary operator, and do and eval.
func (p *parser) unary(n NodeID, c *children, w []byte) {
	if p.is('{') && (string(w) == "do" || string(w) == "eval") {
		p.t.Nodes[n].flags |= hasBlock
		p.add(c, p.block())
		return
	}
	if string(w) == "require" && p.kind() == Word {
		if next := p.following(); !p.tokenIs(next, '(') && !p.tokenIsOperator(next, "->") && !p.modifier() {
			p.add(c, p.quoted())
			return
		}
	}
	p.unaryArgument(n, c, takesHandle(w))
}

// unaryArgument reads at most one argument.
func (p *parser) unaryArgument(n NodeID, c *children, handle bool) {
	if p.is('(') {
		p.handleArguments(n, c, handle)
		return
	}
	if !p.startsTerm() {
		p.t.Nodes[n].flags |= isBare
		return
	}
	if handle && p.bareHandle() {
		p.add(c, p.quoted())
		return
	}
	p.add(c, p.climb(levelTight))
}

// handleArguments reads (...) with arguments the first of which may be a file
// handle.
func (p *parser) handleArguments(n NodeID, c *children, handle bool) {
	p.t.Nodes[n].flags |= hasParens
	p.advance()
	p.depth++
	if handle && p.bareHandle() {
		p.add(c, p.quoted())
	}
	p.contents(c, ')')
	p.depth--
	if p.is(')') {
		p.advance()
	}
}

// bareHandle says whether the current word is a file handle: it has no small
// letter, and nothing is called with it.
func (p *parser) bareHandle() bool {
	if !p.upperCase() {
		return false
	}
	next := p.following()
	return !p.tokenIs(next, '(') && !p.tokenIsOperator(next, "->")
}

func (p *parser) upperCase() bool { return p.kind() == Word && isUpper(p.text()) }

// variadic reads the arguments of a list operator.
func (p *parser) variadic(n NodeID, c *children, w []byte) {
	handle := takesHandle(w)
	if p.is('(') && string(w) != "return" {
		p.handleArguments(n, c, handle)
		return
	}
	if !p.startsTerm() {
		p.t.Nodes[n].flags |= isBare
		return
	}
	if handle && p.bareHandle() {
		p.add(c, p.quoted())
	}
	p.arguments(c)
}

// printing reads the arguments of print, say, printf, exec and system: the
// first may be a handle, or a program, with no comma behind it.
func (p *parser) printing(n NodeID, c *children) {
	paren, ok := p.beginArguments(n)
	if !ok {
		return
	}
	if p.is('{') {
		if !p.beginsHash(p.pos, true, true) {
			p.t.Nodes[n].flags |= hasHandle
			p.add(c, p.block())
		}
	} else if p.isHandle() {
		p.t.Nodes[n].flags |= hasHandle
		p.add(c, p.nameOrVariable())
	}
	p.endArguments(c, paren)
}

// beginArguments begins those of a call before which something else may stand
// that has no comma behind it; ok is false where there are none.
func (p *parser) beginArguments(n NodeID) (paren, ok bool) {
	paren = p.is('(')
	if paren {
		p.t.Nodes[n].flags |= hasParens
		p.advance()
	} else if !p.startsTerm() {
		p.t.Nodes[n].flags |= isBare
		return false, false
	}
	p.depth++
	return paren, true
}

// endArguments reads the rest of them.
func (p *parser) endArguments(c *children, paren bool) {
	if !paren {
		p.arguments(c)
		p.depth--
		return
	}
	p.contents(c, ')')
	p.depth--
	if p.is(')') {
		p.advance()
	}
}

// nameOrVariable reads a handle, or the sub of sort.
func (p *parser) nameOrVariable() NodeID {
	if p.kind() == Word {
		return p.quoted()
	}
	return p.leaf(TermNode)
}

// isHandle says whether the current word or variable is followed by a term
// without a comma, or, for an upper-case word, by the end: print STDERR.
func (p *parser) isHandle() bool {
	tok := p.t.Tokens[min(p.pos, p.end-1)]
	next := p.following()
	switch p.kind() {
	case Word:
		if arityOf(core(p.text())) != unknownArity || p.tokenIsOperator(next, "=>") {
			return false
		}
		if p.tokenIs(next, '(') { // print STDERR ("a")
			return next.Start > tok.End && p.upperCase()
		}
		switch string(p.text()) {
		case "my", "sub", "not", "__PACKAGE__", "__FILE__", "__LINE__", "q", "qq":
			return false
		}
		if p.bareHandle() && (next.Kind == noToken || p.tokenIs(next, ';') || p.tokenIs(next, ')') || p.tokenIs(next, '}')) {
			return true
		}
	case Variable:
		if p.text()[0] != '$' || p.tokenIs(next, '[') || p.tokenIs(next, '{') || p.tokenIs(next, '(') {
			return false
		}
	default:
		return false
	}
	switch next.Kind {
	case Number, VString, Variable, Cast, Quote, Words, Command, HereDoc, Readline, Match, Pattern, Substitute, Translate, Glob:
		return true
	case Word:
		return wordLevel(next.Text(p.t.Src)) == levelNone && !p.modifierWord(next)
	case Structure:
		return p.tokenIs(next, '(') || p.tokenIs(next, '[') && tok.Kind == Word
	case Operator:
		// print FH -1 against print $x - 1: as perl, by the blanks.
		text := next.Text(p.t.Src)
		return (string(text) == "\\" || string(text) == "!" || string(text) == "-" || string(text) == "+") &&
			next.Start > tok.End && !p.blankAt(next.End) && (tok.Kind == Variable || p.bareHandle()) && string(text) != "+"
	}
	return false
}

func (p *parser) blankAt(i int) bool {
	return i >= len(p.t.Src) || p.t.Src[i] == ' ' || p.t.Src[i] == '\t' || p.t.Src[i] == '\n' || p.t.Src[i] == '\r'
}

// blockFirst reads the arguments of map, grep and sort, the first of which may
// be a block, and, of sort, a sub's name or variable.
func (p *parser) blockFirst(n NodeID, c *children, sort bool) {
	paren, ok := p.beginArguments(n)
	if !ok {
		return
	}
	switch {
	case p.is('{'):
		if !p.beginsHash(p.pos, true, false) {
			p.t.Nodes[n].flags |= hasBlock
			p.add(c, p.block())
			if p.isOperator(",") { // which perl takes for a slip
				p.advance()
			}
		}
	case sort && p.isHandle() && !p.is('('):
		p.t.Nodes[n].flags |= hasBlock
		p.add(c, p.nameOrVariable())
	}
	p.endArguments(c, paren)
}

// user reads the arguments of a function that is not perl's own.
func (p *parser) user(n NodeID, c *children, w []byte) {
	if p.parenArguments(n, c) {
		return
	}
	switch p.kind() {
	case Structure:
		if p.is('{') {
			if p.beginsHash(p.pos, false, true) {
				p.arguments(c)
				return
			}
			p.t.Nodes[n].flags |= hasBlock
			p.add(c, p.block())
			end := p.last
			if p.startsTerm() && !p.breaksLine() {
				p.arguments(c)
			} else {
				p.blockEnd = end
			}
			return
		}
		if p.is('[') && !lowercase(w) {
			break
		}
		if p.startsTerm() {
			p.arguments(c)
			return
		}
	case Operator:
		// foo -1 and foo - 1 differ by the blanks, as perl warns; a constant
		// has no argument.
		text := p.text()
		name := p.t.Tokens[p.last]
		start := p.t.Tokens[p.pos]
		if string(text) == "\\" || string(text) == "!" ||
			(string(text) == "-" || len(text) == 2 && text[0] == '-' && text[1] != '-' && p.prefix()) &&
				lowercase(w) && start.Start > name.End && !p.blankAt(start.End) {
			p.arguments(c)
			return
		}
	case Word:
		if p.startsTerm() && !p.breaksLine() {
			p.arguments(c)
			return
		}
	default:
		if p.startsTerm() {
			p.arguments(c)
			return
		}
	}
	p.t.Nodes[n].flags |= isBare
}

// breaksLine says whether the current token is a word at which a new statement
// may begin, though no semicolon ended the one before: on another line than
// what precedes it.
func (p *parser) breaksLine() bool {
	if p.kind() != Word || p.t.Tokens[p.last].Line == p.t.Tokens[p.pos].Line {
		return false
	}
	switch string(p.text()) {
	case "my", "our", "sub", "package", "use", "no", "return", "BEGIN", "local":
		return true
	}
	return false
}

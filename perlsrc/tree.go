package perlsrc

// Tree is a file as statements, blocks, calls and strings: light, in that it
// says which arguments belong to which call and where a value goes, and not in
// which order arithmetic is done. Nodes point into Tokens, and at each other,
// by number; Nodes[0] is the file.
//
//	my $x = foo($y, bar => "a $z") or die;
//
// is
//
//	File
//	  Statement
//	    Logic
//	      Assign
//	        Declare my
//	          Term $x
//	        Call foo
//	          Term $y
//	          Term bar
//	          Term "a $z"
//	            Interpolation
//	              Term $z
//	      Call die
//
// Every node lies within its parent, and siblings follow each other. What a
// string interpolates is cut into tokens again; those stand behind the tokens
// of the file, and their offsets within the string, or, for a here-document,
// within its body, which is behind the line that names it.
//
// A Tree is not changed by its methods, so that many may read it at a time.
type Tree struct {
	Src    []byte
	Tokens []Token
	Outer  int // Tokens[:Outer] are the file's; those of interpolations follow
	Nodes  []Node
	Err    error // nil, or the first break (a *Broken) or limit; the tree holds what could be read

	bodies []int32 // the tokens of here-documents' lines, by their number
}

// NodeID is the number of a node. 0 is the file; as a parent, child, sibling,
// argument or answer it is none.
type NodeID int32

// Node is a piece of the tree: Tokens[First:End]. Neither the first token nor
// the last is one that perl skips, but for those of the file.
type Node struct {
	Kind   NodeKind
	Form   Form // of a Statement
	flags  nodeFlags
	height uint16 // of the nodes below it

	First, End          int32
	Parent, Child, Next NodeID

	name int32  // the token that names it: callee, sub, package, module; 0 none
	pkg  NodeID // of a Statement: the package statement that holds here; 0 main
}

// NodeKind is the class of a node.
type NodeKind uint8

// The kinds.
const (
	FileNode      NodeKind = iota // Statements
	StatementNode                 // see Form
	BlockNode                     // {...}: Statements

	// ListNode is (...), or several values with commas between them that no
	// bracket holds. Its children are the values; those of for (;;) are
	// Statements.
	ListNode
	ArrayNode     // [...]: the values
	HashNode      // an anonymous {...}: keys and values
	SubscriptNode // {...} or [...] behind a value: the keys or indices

	CallNode   // see Call: invocant, block or file handle, and the arguments
	SubNode    // see Sub: sub, method; its signature (a List), and its Block
	AssignNode // targets, and last the value: $a = $b = f() has three children
	// TernaryNode is ... ? ... : ...: condition, value, condition, value, and
	// so on, and last the value if none holds.
	TernaryNode
	LogicNode   // operands of && || //, of and, of or xor; the one of not
	ExprNode    // operands of other operators, in order; Operator tells which
	DeclareNode // my, our, local, state, field: the variables
	AccessNode  // a value and the Subscripts behind it: $x->{a}[0], (...)[1]
	CastNode    // @{...}, $$x, $#{...}, %$x: a Block, a Cast or a Term; of ${name} the Term is the name

	// TermNode is one token: a variable, a literal, a pattern, a name that perl
	// quotes. Its children are Interpolations.
	TermNode
	// InterpolationNode is a variable or an expression inside a string, a
	// pattern or a here-document, or the code of s///e as Statements.
	InterpolationNode
	DeepNode // what is nested too deep, unread; Tree.Err says so
)

// Form is the kind of a statement.
type Form uint8

// The forms. Children of the Plain one are its expression and, behind it, the
// condition or list of a modifier (Tree.Modifier).
const (
	Plain     Form = iota
	Null           // a semicolon by itself
	Package        // package, class, role; its Block if it has one (Tree.Package)
	Include        // use, no: the arguments (Tree.Include; require is a Call)
	Named          // a named sub or method: a Sub
	Compound       // if, while, foreach, given, when, try, defer and their like: Lists and Blocks (Tree.Keyword)
	Bare           // a block by itself
	Scheduled      // BEGIN, END, INIT, CHECK, UNITCHECK, ADJUST: a Sub with a Block
	Formatted      // format NAME =
	Stray          // what begins no statement, as a bracket too many
)

// The limits of a tree. What is nested deeper than maxDepth is a DeepNode;
// strings in the code of strings are cut again maxAgain times.
const (
	maxDepth = 1000
	maxAgain = 8
)

// Parse reads a file. It never fails as a whole: Tree.Err says what could not
// be read.
func Parse(src []byte) *Tree {
	t := &Tree{Src: src}
	t.Tokens, t.Err = Tokenize(src)
	t.Outer = len(t.Tokens)
	t.Nodes = make([]Node, 1, len(t.Tokens)/2+8)
	t.Nodes[0].End = int32(t.Outer)
	p := &parser{t: t, end: int32(t.Outer), last: -1, blockEnd: -1}
	p.skipTo(0)
	p.statements(&children{}, true)
	p.interpolations()
	return t
}

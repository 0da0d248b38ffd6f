// Package facts says what a Perl file declares and loads, read from its source
// and never run.
//
//	package Foo::Bar 1.02;
//	use parent 'Foo';
//	use if $^O eq 'MSWin32', 'Win32::File';
//	sub open { my $class = shift; require $class->driver; ... }
//
// is the package Foo::Bar at version "1.02", which inherits from Foo; the loads
// of parent, Foo and, under a condition, of Win32::File; the sub open; and one
// load at run time that is dynamic: only running the program would tell what
// $class->driver is.
//
// Promised: what is stated in the source as a literal is found with its line,
// in the closed list of forms that this package's types name ([How] for loads,
// [VersionHow] for versions), also where a comment, POD, a here-document or a
// string looks like Perl. Where perl would have to run to know, the fact is
// marked dynamic. No input panics, time is linear in the source, and the same
// source gives the same facts. A file that is broken gives the facts up to the
// break, and says where that is.
//
// Not promised: that a load is ever reached, or that it succeeds. Conditions
// are reported ([Load.If], [Load.Optional]) and not decided. What a source
// filter or a module with a syntax of its own makes of a file is not seen.
//
// The measure for versions is parse_version of ExtUtils::MakeMaker, which is
// what PAUSE and the installers go by; [ReadVersion] says where and why it
// differs.
//
// Sources: perldoc -f of package, use, require and do; perlmod, perlsub,
// perlpod, perlrun; ExtUtils::MM_Unix 7.64; the documentation of each module
// that [How] names.
package facts

// File is what a file declares and loads. Everything is in order of lines.
type File struct {
	// Shebang is the first line behind its "#!", with the perl's arguments:
	// "/usr/bin/perl -wT"; "" where there is none.
	Shebang string `json:"shebang,omitempty"`
	// Taint is the switch of that line that turns taint checks on: "-T", or
	// "-t" where they only warn; "" for neither.
	Taint    string    `json:"taint,omitempty"`
	Packages []Package `json:"packages,omitempty"`
	Loads    []Load    `json:"loads,omitempty"`
	Subs     []Sub     `json:"subs,omitempty"`
	Exports  []Export  `json:"exports,omitempty"`
	Pod      []Section `json:"pod,omitempty"`
	Dynamic  []Dynamic `json:"dynamic,omitempty"`
	// Broken says where the source stops being Perl; nil for a whole file.
	Broken *Broken `json:"broken,omitempty"`
}

// Broken is where a file cannot be read any further. What stands before it is
// read.
type Broken struct {
	Line int    `json:"line"`
	What string `json:"what"` // "string that begins here never ends"
}

// Package is a package that a file declares. One that is declared in several
// places is one Package, with the line of the first. The package main is in
// the list only where it is declared, or states something.
type Package struct {
	Name    string  `json:"name"`
	Line    int     `json:"line"`
	Block   bool    `json:"block,omitempty"` // package NAME {...}
	Class   bool    `json:"class,omitempty"` // class NAME, of perlclass
	Version Version `json:"version,omitzero"`
	// ISA are the packages that it inherits from and the roles that it takes,
	// as far as they are literal: parent, base, @ISA, extends, with, :isa.
	ISA []string `json:"isa,omitempty"`
	// DynamicISA is set where there are more that only running would tell.
	DynamicISA bool `json:"dynamic_isa,omitempty"`
}

// VersionHow is the form in which a version is stated.
type VersionHow string

// The forms. Those from revision on are idioms that are computed; whatever is
// not in this list is dynamic.
const (
	VersionPackage  VersionHow = "package"  // package NAME VERSION
	VersionLiteral  VersionHow = "literal"  // our $VERSION = '1.02', with our, ours in a list, //=, ||=, use vars, *VERSION = \'1.02'
	VersionConstant VersionHow = "constant" // use constant VERSION => '1.02'; a method VERSION, not the variable
	VersionObject   VersionHow = "object"   // version->new, parse, declare, qv, version::qv
	VersionRevision VersionHow = "revision" // what a version control system wrote: q$Revision: 1.5 $ =~ /.../, substr, sprintf, do { my @r = ... }
	VersionFormat   VersionHow = "format"   // sprintf or join of literals
	VersionEval     VersionHow = "eval"     // eval of a literal, or of itself
	VersionCopy     VersionHow = "copy"     // $VERSION = $Other::VERSION, where the same file states that one first
)

// Version is a $VERSION. It is not stated (the zero Version), stated, or
// stated in a way that only running would tell (Dynamic).
type Version struct {
	// Text is what perl has it print, and so what parse_version answers: a
	// number has lost its last zeros (1.10 is "1.1") and its underscores, a
	// string has not. "" where it is dynamic or not stated.
	Text string `json:"text,omitempty"`
	// Source is the literal or expression as written, cut at 200 bytes.
	Source string     `json:"source,omitempty"`
	Line   int        `json:"line,omitempty"`
	How    VersionHow `json:"how,omitempty"`
	// Invalid is set where Text is no version to parse_version, which says
	// "undef" then: "$Revision$", "", "1.2-TRIAL".
	Invalid bool `json:"invalid,omitempty"`
	// Dynamic is set where perl would have to run to know; Of names the
	// variable or module that it is taken from, where it is as simple as that.
	Dynamic bool   `json:"dynamic,omitempty"`
	Of      string `json:"of,omitempty"`
	// Later is what a later line makes of it, where that is one of the usual
	// $VERSION = eval $VERSION, tr/_//d or s/_//g: "1.23" for the Text
	// "1.2_3". perl's UNIVERSAL::VERSION sees Later, parse_version sees Text,
	// and version.pm has them equal. Only Read gives it.
	Later string `json:"later,omitempty"`
}

// Stated reports whether the source says anything about a version.
func (v Version) Stated() bool { return v.Line > 0 }

// How is the construct that loads.
type How string

// The constructs, each with the module that brings it.
const (
	Use          How = "use"                // use Foo 1.2 qw(a b); also use 5.010, whose Module is "perl"
	No           How = "no"                 // no Foo
	Require      How = "require"            // require Foo; require "foo.pl"; require 5.010
	Do           How = "do"                 // do "file.pl"
	If           How = "if"                 // use if COND, Foo => ...
	Parent       How = "parent"             // use parent 'Foo'
	Base         How = "base"               // use base 'Foo'
	Extends      How = "extends"            // extends 'Foo' (Moose, Moo, Mouse, Mojo::Base)
	With         How = "with"               // with 'Role' (Moose, Moo, Mouse, Role::Tiny, Mojo::Base)
	ClassISA     How = "isa"                // class Foo :isa(Bar 1.2)
	MojoBase     How = "Mojo::Base"         // use Mojo::Base 'Foo'
	Aliased      How = "aliased"            // use aliased 'Foo::Bar'
	UseOKModule  How = "ok"                 // use ok 'Foo'
	UseOK        How = "use_ok"             // use_ok('Foo') (Test::More)
	RequireOK    How = "require_ok"         // require_ok('Foo')
	Runtime      How = "Module::Runtime"    // require_module, use_module, use_package_optimistically
	ModuleLoad   How = "Module::Load"       // load, autoload, load_remote; Module::Load::Conditional can_load
	ClassLoad    How = "Class::Load"        // load_class, try_load_class, load_optional_class, load_first_existing_class; Class::MOP
	PlackUtil    How = "Plack::Util"        // Plack::Util::load_class
	MojoLoader   How = "Mojo::Loader"       // load_class
	Universal    How = "UNIVERSAL::require" // 'Foo'->require, Foo->use
	DBI          How = "DBI"                // DBI->connect("dbi:SQLite:..."): DBD::SQLite
	Plack        How = "Plack::Builder"     // enable 'Foo': Plack::Middleware::Foo
	Catalyst     How = "Catalyst"           // use Catalyst qw(Foo), setup: Catalyst::Plugin::Foo
	Mojo         How = "Mojolicious"        // plugin 'Foo': Mojolicious::Plugin::Foo
	Pluggable    How = "Module::Pluggable"  // every module below Module, found when it runs: always Dynamic
	Find         How = "Module::Find"       // useall, usesub: as Pluggable
	XS           How = "XSLoader"           // XSLoader::load, bootstrap: the package's compiled half; DynaLoader
	Components   How = "load_components"    // load_components (DBIx::Class, Class::C3::Componentised)
	Autouse      How = "autouse"            // use autouse 'Foo' => qw(f): loaded at the first call
	POE          How = "POE"                // use POE qw(Wheel::Run): POE::Wheel::Run
	Inline       How = "Inline"             // use Inline C => ...: Inline::C
	Implicit     How = "implicit"           // loaded by perl itself for a construct, told once a file: glob and <*.c> File::Glob; %! Errno; %+ and %- Tie::Hash::NamedCapture; :encoding() PerlIO::encoding; open of a reference PerlIO::scalar
	TestRequires How = "Test::Requires"     // use Test::Requires 'Foo', Test::Needs: skips the test without it
)

// Phase says when a load happens.
type Phase string

// The phases.
const (
	Compile Phase = "compile" // while the file is compiled: use, no, and what stands in BEGIN
	Run     Phase = "run"     // when the file's own statements run
	Call    Phase = "call"    // when a sub is called
)

// Load is a place that loads a module or a file.
type Load struct {
	// Module is what is loaded, "Foo::Bar", or "perl" for a required perl.
	// With How Pluggable or Find it is the name below which modules are
	// searched. "" for a file, and where only running would tell.
	Module string `json:"module,omitempty"`
	// File is what require or do of a file names, as written: "lib/a.pl". The
	// string form of a module ("Foo/Bar.pm") is given as Module.
	File string `json:"file,omitempty"`
	How  How    `json:"how"`
	Line int    `json:"line"`
	// Version is the least version that is asked for, as written.
	Version string `json:"version,omitempty"`
	// Imports are the names that are asked for. HasImports tells the list
	// "()" from none; DynamicImports is set where a part of it, or all, is
	// not literal, and Args is the list as written then, cut at 200 bytes.
	Imports        []string `json:"imports,omitempty"`
	HasImports     bool     `json:"has_imports,omitempty"`
	DynamicImports bool     `json:"dynamic_imports,omitempty"`
	Args           string   `json:"args,omitempty"`

	Phase   Phase  `json:"phase"`
	Package string `json:"package"`       // in which it stands
	Sub     string `json:"sub,omitempty"` // the named sub in which it stands
	// If is the condition that it depends on, as written with its word and cut
	// at 200 bytes: "if $^O eq 'MSWin32'", "unless $x", "and", "?:". "" where
	// it happens whenever its phase comes.
	If string `json:"if,omitempty"`
	// Optional is set where a failure is caught: inside eval or try, and by
	// the words that say so (try_load_class, use_package_optimistically).
	Optional bool `json:"optional,omitempty"`
	// InString is set where it stands in a string that is evaluated.
	InString bool `json:"in_string,omitempty"`
	// Dynamic is set where only running would tell what is loaded; Expr is the
	// expression, cut at 200 bytes.
	Dynamic bool   `json:"dynamic,omitempty"`
	Expr    string `json:"expr,omitempty"`
	// Prefix is what the name of the module begins with in any case: "Foo::"
	// of "Foo::$name" and of "Foo/$name.pm". "" where nothing is known.
	Prefix string `json:"prefix,omitempty"`
}

// Sub is a named routine.
type Sub struct {
	Name    string `json:"name"` // without its package
	Package string `json:"package"`
	Line    int    `json:"line"`
	Method  bool   `json:"method,omitempty"`  // method NAME, of perlclass
	Lexical bool   `json:"lexical,omitempty"` // my sub, our sub, state sub
	Forward bool   `json:"forward,omitempty"` // declared without a body
	Glob    bool   `json:"glob,omitempty"`    // by *NAME = sub {...} or \&other
	// Prototype is what stands in its parentheses; HasPrototype tells "()"
	// from none.
	Prototype    string `json:"prototype,omitempty"`
	HasPrototype bool   `json:"has_prototype,omitempty"`
	Signature    string `json:"signature,omitempty"` // with its parentheses, as written, cut at 200 bytes
}

// Export is a list of what a package offers to export.
type Export struct {
	Package string   `json:"package"`
	Line    int      `json:"line"`
	Kind    string   `json:"kind"`          // "EXPORT", "EXPORT_OK", "EXPORT_FAIL", "EXPORT_TAGS", or the module that sets it up: "Sub::Exporter"
	Tag     string   `json:"tag,omitempty"` // with EXPORT_TAGS, and of a setup's groups
	Names   []string `json:"names,omitempty"`
	// Dynamic is set where the list, or a part of it, is not literal.
	Dynamic bool `json:"dynamic,omitempty"`
}

// Section is a POD command that stands for structure: head1 to head6, item,
// over, back, begin, end, for, encoding, pod.
type Section struct {
	Command string `json:"command"`
	Title   string `json:"title,omitempty"` // the paragraph as written, its lines joined, cut at 200 bytes
	Line    int    `json:"line"`
}

// Dynamic is a place of which only running would tell what it does to the
// facts.
type Dynamic struct {
	Line int `json:"line"`
	// What is "load" (a load whose name is computed; also in Loads), "eval" (a
	// string is evaluated), "version", "isa", "export", "autoload" (sub
	// AUTOLOAD), "inc" (@INC or %INC is changed), "symbol" (a sub is made by
	// assignment to a glob), "filter" (source filter) or "limit" (the source
	// nests constructs so deeply that not all of them were read whole).
	What    string `json:"what"`
	Text    string `json:"text,omitempty"` // as written, cut at 200 bytes
	Package string `json:"package,omitempty"`
	Sub     string `json:"sub,omitempty"`
}

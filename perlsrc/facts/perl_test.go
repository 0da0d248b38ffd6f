package facts

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"nacre/internal/testkit"
)

// coreModules are loaded, and what they load in turn is compared.
const coreModules = `App::Prove Archive::Tar autodie B::Deparse bigint Carp charnames CPAN CPAN::Meta
Compress::Zlib DB_File Digest::SHA Encode ExtUtils::MakeMaker File::Temp HTTP::Tiny I18N::LangTags
IO::Compress::Gzip IO::Socket::IP IPC::Cmd JSON::PP Locale::Maketext Math::BigFloat MIME::Base64
Module::CoreList Module::Load::Conditional Net::FTP Params::Check Perl::OSType Pod::Man Pod::Perldoc Pod::Usage POSIX Socket
Storable Sys::Syslog TAP::Harness Term::ANSIColor Test::More Text::Balanced Thread::Queue Tie::File Time::Piece
Unicode::Collate Unicode::UCD version`

// compiled are requests that no source makes: compiled code loads these.
var compiled = map[string]bool{
	"XSLoader.pm attributes.pm": true, "Mouse.pm XSLoader.pm": true,
}

// TestLoadsAgainstPerl runs perl, and holds that every file that perl looked
// for is a load that Read found in the file that asked, or that Read says of
// that file that it loads what only running would tell. With -args -all it
// takes every module of the machine's perl.
func TestLoadsAgainstPerl(t *testing.T) {
	modules := strings.Fields(coreModules)
	if *all {
		modules = installed(t)
	}
	c := exec.Command(testkit.NeedPerl(t, "POSIX"), "testdata/loads.pl")
	c.Stdin = strings.NewReader(strings.Join(modules, "\n") + "\n")
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	asked := slices.Compact(slices.Sorted(strings.SplitSeq(strings.TrimSpace(string(out)), "\n")))
	files := map[string]*File{}
	var exact, elsewhere, dynamic, missed int
	for _, row := range asked {
		fields := strings.Split(row, "\t")
		if len(fields) != 3 || strings.HasSuffix(fields[0], "testdata/loads.pl") {
			continue
		}
		name, wanted := fields[0], fields[2]
		f := files[name]
		if f == nil {
			src, err := os.ReadFile(name)
			if err != nil {
				continue // #line and the like
			}
			f = Read(src)
			files[name] = f
		}
		module, isModule := moduleFile(wanted)
		line, _ := strconv.Atoi(fields[1])
		found, near, unknown, how := false, false, false, ""
		for _, l := range f.Loads {
			switch {
			case l.Dynamic:
				unknown = unknown || l.Module == "" || strings.HasPrefix(module, l.Module)
			case isModule && l.Module == module, l.File == wanted, l.How == XS && wanted == "DynaLoader.pm":
				found = true
				near = near || l.Line == line
			case l.Line == line:
				how = l.Module
			}
		}
		for _, d := range f.Dynamic {
			unknown = unknown || d.What == "eval"
		}
		switch {
		case near:
			exact++
		case found:
			elsewhere++
		case unknown:
			dynamic++
		case compiled[filepath.Base(name)+" "+wanted]:
		default:
			missed++
			t.Errorf("%s:%d asks for %s (read: %s)", name, line, wanted, how)
		}
	}
	t.Logf("%d modules loaded, %d files asked for %d others: %d found at the line, %d at another line, %d dynamic, %d missed",
		len(modules), len(files), exact+elsewhere+dynamic+missed, exact, elsewhere, dynamic, missed)
	if exact == 0 {
		t.Error("nothing was compared")
	}
}

// installed names the modules of the machine's perl.
func installed(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command(testkit.NeedPerl(t), "-e", "print join qq(\n), grep { -d } @INC").Output()
	if err != nil {
		t.Fatal(err)
	}
	var modules []string
	for dir := range strings.SplitSeq(string(out), "\n") {
		for _, name := range modulesBelow(dir) {
			rel, err := filepath.Rel(dir, name)
			if err != nil {
				t.Fatal(err)
			}
			if module, ok := moduleFile(filepath.ToSlash(rel)); ok {
				modules = append(modules, module)
			}
		}
	}
	slices.Sort(modules)
	return slices.Compact(modules)
}

// Package filesystem holds the rules about files: how they are opened, where
// temporary ones lie, who may write to them, where a name may lead, and from
// where code is loaded.
//
//	open my $fh, $name;                  # FIL01: the name may be "rm -rf . |"
//	open my $fh, "tar tf $name |";       # FIL02
//	open my $fh, '>', "/tmp/x.$$";       # FIL03
//	sysopen $fh, "/tmp/x", O_CREAT|O_RDWR;   # FIL04
//	chmod 0777, $dir;                    # FIL05
//	open my $fh, '<', "$dir/" . param('page');   # FIL06
//	$tar->extract_file($name, "$dir/$name");     # FIL07
//	push @INC, '.';                      # FIL08
//
// What a path is made of decides: who chose its parts (package input), what
// stands before and behind them, and what they were held to on the way.
//
// Promised: a path that stands in the source is not found for its name. Not
// promised: that a folder which the file only knows by a variable is its own.
//
// Sources: perlopentut, perlfunc (open, sysopen, chmod, umask, do, require),
// perlsec, File::Temp, the SEI CERT Perl Coding Standard, and the advisories that
// the rules' files name.
package filesystem

import (
	_ "embed"

	"nacre/audit"
)

var (
	//go:embed FIL01.txtar
	fil01Text string
	//go:embed FIL02.txtar
	fil02Text string
	//go:embed FIL03.txtar
	fil03Text string
	//go:embed FIL04.txtar
	fil04Text string
	//go:embed FIL05.txtar
	fil05Text string
	//go:embed FIL06.txtar
	fil06Text string
	//go:embed FIL07.txtar
	fil07Text string
	//go:embed FIL08.txtar
	fil08Text string
)

// Rules gives the rules of this family.
func Rules() []*audit.Rule {
	return []*audit.Rule{
		{Text: fil01Text, Words: []string{"open", "IO::File", "FileHandle", "ARGV"}, Perl: nameWithMode},
		{Text: fil02Text, Words: []string{"open", "IO::File", "FileHandle", "IO::Pipe"}, Perl: commandAsText},
		{Text: fil03Text, Words: []string{"/tmp", "/var/tmp", "/dev/shm", "tmpdir", "TMP", "TEMP", "tmpnam", "fopen", "PerlIO_open"}, Perl: sharedTemp, Native: sharedTempInC},
		{Text: fil04Text, Words: []string{"open", "O_CREAT", "fileparse", "splitpath"}, Perl: followsLink, Native: linkInC},
		{Text: fil05Text, Words: []string{"chmod", "umask", "shmget", "msgget", "semget", "Cache::", "IPC::", "O_CREAT"}, Perl: openToAll, Native: rightsForAllInC},
		{Text: fil06Text, Perl: climbs},
		{Text: fil07Text, Words: []string{"Archive::", "tar", "Unzip"}, Perl: extracts},
		{Text: fil08Text, Words: []string{"INC", "lib", "LIB", "do", "require", "-I"}, Perl: loadedFromHere},
	}
}

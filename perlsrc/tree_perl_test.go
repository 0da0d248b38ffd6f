package perlsrc

import (
	"os/exec"
	"strings"
	"testing"

	"nacre/internal/testkit"
)

// functions are those of perlfunc that can be called, but for the operators and
// declarations that have a syntax of their own.
const functions = `abs accept alarm atan2 bind binmode bless break caller chdir chmod chomp chop chown chr chroot close closedir
connect continue cos crypt dbmclose dbmopen default defined delete die do dump each endgrent eof eval
evalbytes exec exists exit exp fc fcntl fileno flock fork format formline getc getlogin getpeername getpgrp
getppid getpriority getsockname getsockopt gmtime goto grep hex index int ioctl join keys kill last lc
lcfirst length link listen local localtime lock log lstat map mkdir msgctl msgget msgrcv msgsnd my next no
oct open opendir ord our pack pipe pop pos print printf prototype push quotemeta rand read readdir readline
readlink readpipe recv redo ref rename require reset return reverse rewinddir rindex rmdir say scalar seek
seekdir select semctl semget semop send setpgrp setpriority setsockopt shift shmctl shmget shmread shmwrite
shutdown sin sleep socket socketpair sort splice split sprintf sqrt srand stat state study sub substr symlink
syscall sysopen sysread sysseek system syswrite tell telldir tie tied time times truncate uc ucfirst umask
undef unlink unpack unshift untie use utime values vec wait waitpid wantarray warn write gethostbyaddr
getnetbyaddr getgrent`

// TestArityAgainstPerl compares how functions take arguments with the
// prototypes that perl has for them: nothing, one value ("_", "$", ";$", or
// what ends in ";"), or more.
func TestArityAgainstPerl(t *testing.T) {
	perl := testkit.NeedPerl(t)
	const script = `for (@ARGV) { my $p = eval { prototype "CORE::$_" }; print "$_\t$p\n" if defined $p }`
	out, err := exec.Command(perl, append([]string{"-e", script}, strings.Fields(functions)...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for line := range strings.Lines(string(out)) {
		word, proto, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		want := variadic
		// A group such as \[$@%] and a reference are one value each.
		one := strings.NewReplacer("\\[$@%&*]", "$", "\\[$@%*]", "$", "\\[$*]", "$", "\\[%@]", "$", "\\%", "$", "\\@", "$", "_", "$", "*", "$", "+", "$").Replace(proto)
		switch {
		case proto == "":
			want = nullary
		case strings.Trim(one, ";") == "$":
			want = unary
		}
		compared++ // dump takes a label, continue is a block as well
		if got := arityOf([]byte(word)); got != want && word != "dump" && word != "continue" {
			t.Errorf("%s with the prototype %s: %d, want %d", word, proto, got, want)
		}
	}
	if compared < 150 {
		t.Errorf("only %d compared", compared)
	}
}

package inc_test

import (
	"strings"
	"testing"

	"nacre/perlsrc/inc"
)

func TestSplit(t *testing.T) {
	for line := range strings.Lines(`
# Debian
usr/share/perl5 Foo/Bar.pm
usr/lib/x86_64-linux-gnu/perl5/5.36 DBD/SQLite.pm
usr/lib/aarch64-linux-gnu/perl5 Foo.pm
usr/lib/arm-linux-gnueabihf/perl-base strict.pm
usr/share/perl/5.36.0 CPAN/Meta.pm
usr/share/perl/5.36 CPAN.pm
usr/lib/x86_64-linux-gnu/perl/5.36.0 Config.pm
usr/local/share/perl/5.36.0 Foo/Bar.pm
usr/local/lib/x86_64-linux-gnu/perl/5.36.0 Foo/Bar.pm
usr/local/lib/site_perl Foo.pm
etc/perl CPAN/Config.pm
usr/lib/perl5 Foo.pm
usr/lib/perl/5.14.2 Config.pm
# Fedora, Red Hat
usr/share/perl5 strict.pm
usr/share/perl5/vendor_perl Foo/Bar.pm
usr/lib64/perl5 Config.pm
usr/lib64/perl5/vendor_perl DBI.pm
usr/local/share/perl5/5.36 Foo.pm
usr/local/lib64/perl5/5.36 Foo.pm
# SUSE
usr/lib/perl5/5.26.1 strict.pm
usr/lib/perl5/5.26.1/x86_64-linux-thread-multi Config.pm
usr/lib/perl5/vendor_perl/5.26.1 Foo.pm
usr/lib/perl5/vendor_perl/5.26.1/x86_64-linux-thread-multi DBI.pm
# Alpine, Arch
usr/share/perl5/core_perl strict.pm
usr/share/perl5/vendor_perl Foo.pm
usr/lib/perl5/core_perl Config.pm
usr/lib/perl5/vendor_perl DBI.pm
usr/local/share/perl5/site_perl Foo.pm
usr/lib/perl5/5.38/core_perl Config.pm
# FreeBSD
usr/local/lib/perl5/5.36 strict.pm
usr/local/lib/perl5/5.36/mach Config.pm
usr/local/lib/perl5/site_perl/mach/5.36 DBI.pm
# perl's own
usr/local/lib/perl5/5.38.2 strict.pm
usr/local/lib/perl5/5.38.2/x86_64-linux-gnu Config.pm
usr/local/lib/perl5/site_perl/5.38.2 Foo.pm
usr/local/lib/perl5/site_perl/5.38.2/x86_64-linux-gnu DBI.pm
opt/perl/lib/5.005_03 strict.pm
# perlbrew, plenv
root/perl5/perlbrew/perls/perl-5.38.2/lib/5.38.2 strict.pm
root/perl5/perlbrew/perls/perl-5.38.2/lib/5.38.2/x86_64-linux Config.pm
root/perl5/perlbrew/perls/perl-5.38.2/lib/site_perl/5.38.2 Foo.pm
root/perl5/perlbrew/perls/perl-5.38.2/lib/site_perl/5.38.2/darwin-2level DBI.pm
root/.perlbrew/libs/perl-5.38.2@web/lib/perl5 Foo.pm
root/.plenv/versions/5.38.2/lib/perl5/site_perl/5.38.2 Foo.pm
# local::lib, carton
local/lib/perl5 Foo.pm
lib/perl5 Foo.pm
local/lib/perl5/x86_64-linux-gnu-thread-multi DBI.pm
home/web/perl5/lib/perl5/5.36.0 Foo.pm
home/web/perl5/lib/perl5/5.36.0/x86_64-linux-gnu-thread-multi DBI.pm
# macOS
Library/Perl/5.34/darwin-thread-multi-2level DBI.pm
System/Library/Perl/5.34 strict.pm
# the inner folder holds
opt/lib/perl5/app/lib/perl5 Foo.pm
# modules with names of their own
usr/share/perl5 lib/core/only.pm
usr/share/perl5 local/lib.pm
usr/share/perl5 mach/x.pm
usr/share/perl5 Encode/7bit.pm
local/lib/perl5/x86_64-linux x86_64/linux.pm
`) {
		line = strings.TrimSpace(line)
		place, file, ok := strings.Cut(line, " ")
		if !ok || line[0] == '#' {
			continue
		}
		want := strings.ReplaceAll(strings.TrimSuffix(file, ".pm"), "/", "::")
		if p, m, ok := inc.Split(place + "/" + file); !ok || p != place || m != want {
			t.Errorf("%s/%s: %q in %q, %v; want %q in %q", place, file, m, p, ok, want, place)
		}
	}
}

func TestSplitNone(t *testing.T) {
	for path := range strings.FieldsSeq(`
usr/share/perl5/-
usr/share/perl5/Foo.pl
usr/share/perl5/.pm
usr/share/perl5/Foo-Bar/x.pm
usr/share/perl5/Foo/.pm
usr/share/perl5/Foo//Bar.pm
usr/share/perl5/7z.pm
usr/share/perl5/auto/share/dist/Foo/lib/Foo.pm
lib/Foo/Bar.pm
blib/lib/Foo.pm
usr/share/perl/Foo.pm
usr/share/lintian/lib/Foo.pm
usr/share/automake-1.16/Automake/Config.pm
home/web/perl5/Foo.pm
etc/perl5/Foo.pm
Foo.pm
usr/lib/x86_64-linux-gnu/perl/debian-config-data-5.36.0/Config.pm
`) {
		if p, m, ok := inc.Split(path); ok {
			t.Errorf("%s: %q in %q, want none", path, m, p)
		}
	}
}

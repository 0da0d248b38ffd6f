# Prints what parse_version of ExtUtils::MakeMaker says of every file named on
# standard input: file, tab, version. A file whose version could be more than a
# plain literal is read in a process of its own, so that it sees nothing that
# another one left behind.
use strict;
use warnings;
use ExtUtils::MakeMaker;
$| = 1;
open STDERR, '>', '/dev/null';
my $perl_has = qr{^\s*(?:our\s+)?\$VERSION\s*=\s*(?:'[^'\\]*'|"[^"\\\$\@]*"|[\d._]+)\s*;\s*(?:#.*)?$}m;
while (my $file = <STDIN>) {
	chomp $file;
	my $ask = sub {
		my $v = eval { local $SIG{ALRM} = sub { die }; alarm 10; my $v = MM->parse_version($file); alarm 0; "$v" };
		alarm 0;
		$v = 'FAILED' unless defined $v;
		$v =~ s/[\t\n]/ /g;
		return $v;
	};
	my $plain = 1;
	if (open my $in, '<', $file) {
		while (<$in>) {
			next unless /[\$*][\w:']*VERSION\b.*=/;
			$plain = 0 unless /$perl_has/;
			last;
		}
	}
	my $version;
	if ($plain) {
		$version = $ask->();
	}
	else {
		my $pid = open my $child, '-|';
		if (!$pid) { print $ask->(); close STDOUT; require POSIX; POSIX::_exit(0) }
		$version = do { local $/; <$child> };
		$version = 'FAILED' unless defined $version;
	}
	print "$file\t$version\n";
}

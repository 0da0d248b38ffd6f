# Prints what parse_version of ExtUtils::MakeMaker says of every file named on
# standard input: file, tab, version. What a file sets is taken back, so that
# the next one does not see it.
use strict;
use warnings;
use ExtUtils::MakeMaker;
$| = 1;
open STDERR, '>', '/dev/null';
open my $out, '>&', \*STDOUT or die;
open STDOUT, '>', '/dev/null';
while (my $file = <STDIN>) {
	chomp $file;
	my %before;
	if (open my $in, '<', $file) {
		no strict 'refs';
		while (<$in>) {
			next unless /VERSION/;
			$before{$1} = ${"$1\::VERSION"} while /([A-Za-z_][\w:]*)(?:::|')VERSION\b/g;
			$before{$1} = ${"$1\::VERSION"} while /\bpackage\s+([\w:]+)/g;
		}
	}
	my $version = eval { local $SIG{ALRM} = sub { die }; alarm 10; my $v = MM->parse_version($file); alarm 0; "$v" };
	alarm 0;
	$version = 'FAILED' unless defined $version;
	$version =~ s/[\t\n]/ /g;
	print $out "$file\t$version\n";
	no strict 'refs';
	no warnings;
	eval { ${"$_\::VERSION"} = $before{$_} } for keys %before;
}

# Orders pairs of versions, one pair a line, as dpkg's own Perl library does:
# prints -1, 0 or 1, or "refused" where one of the two is no valid version.
use strict;
use warnings;
use Dpkg::Version;

while (my $line = <STDIN>) {
    chomp $line;
    my ($x, $y) = split /\t/, $line, -1;
    my ($p, $q) = map { Dpkg::Version->new($_) } $x, $y;
    # A version that does not begin with a digit is invalid here, and dpkg
    # itself only warns; the test makes none.
    print $p->is_valid && $q->is_valid ? version_compare($x, $y) : "refused", "\n";
}

# Reads requirements and a version, hex-coded; the requirements are added one
# after the other as those of one module. Prints the stored form and whether
# the version is accepted, or - where a requirement is refused.
use strict;
use warnings;
use CPAN::Meta::Requirements ();

print CPAN::Meta::Requirements->VERSION, "\n";
while ( my $line = <STDIN> ) {
    chomp $line;
    my ( $version, @reqs ) = map { pack 'H*', $_ } split / /, $line, -1;
    local $SIG{__WARN__} = sub { };
    my $all = eval {
        my $all = CPAN::Meta::Requirements->new;
        for my $r (@reqs) {
            my $one = CPAN::Meta::Requirements->new;
            $one->add_string_requirement( M => $r );
            $all->add_requirements($one);
        }
        $all;
    };
    if ( !$all ) { print "-\n"; next }
    my $stored = $all->requirements_for_module('M');
    my $accepts = eval { $all->accepts_module( M => $version ) ? 1 : 0 };
    print unpack( 'H*', $stored // '0' ), "\t", $accepts // '-', "\n";
}

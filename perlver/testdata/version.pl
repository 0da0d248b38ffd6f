# Reads pairs of texts, hex-coded, and prints what version.pm makes of them:
# for each text accepted, warned, is_qv, is_alpha, normal, numify; then the
# order; then for each text is_lax and is_strict.
use strict;
use warnings;
use version ();

sub judge {
    my ($text) = @_;
    my $warned = 0;
    local $SIG{__WARN__} = sub { $warned = 1 };
    my $v = eval { version->new($text) };
    return ( undef, '-' ) if !defined $v;
    my $said = $warned;    # numify warns about every alpha version
    return ( $v, join ' ', 'ok', $said, $v->is_qv ? 1 : 0, $v->is_alpha ? 1 : 0, $v->normal, $v->numify );
}

sub form {
    my ($text) = @_;
    return ( version::is_lax($text) ? 'lax' : '-' ) . ' ' . ( version::is_strict($text) ? 'strict' : '-' );
}

print version->VERSION, "\n";
while ( my $line = <STDIN> ) {
    chomp $line;
    my ( $x, $y ) = map { pack 'H*', $_ } split / /, $line, -1;
    my ( $v, $a ) = judge($x);
    my ( $w, $b ) = judge($y);
    print join( "\t", $a, $b, defined $v && defined $w ? $v->vcmp($w) : '-', form($x), form($y) ), "\n";
}

# Prints the significant tokens that PPI finds in Perl files.
#
#     perl tokens.pl CACHE FILES-LIST
#
# FILES-LIST has one file on a line: its SHA-256, a tab, its path. For each,
# CACHE/<sha256> is written: one line a token, the class without PPI::Token::,
# a tab, and the content with \n, \r, \t and \ escaped. A file that PPI cannot
# read gives the one line "!error". Files that are there are left alone.
use strict;
use warnings;
use PPI;

my ( $cache, $list ) = @ARGV;
my %escape = ( "\n" => '\n', "\r" => '\r', "\t" => '\t', '\\' => '\\\\' );
open my $in, '<', $list or die "open $list: $!";
while ( my $line = <$in> ) {
    chomp $line;
    my ( $sha, $path ) = split /\t/, $line, 2;
    next if -e "$cache/$sha";
    open my $file, '<:raw', $path or next;
    my $source = do { local $/; <$file> };
    $source = '' unless defined $source;
    utf8::decode($source);    # left as bytes where it is no UTF-8
    $source =~ s/^\x{FEFF}//;
    my $out = '';
    my $doc = eval {
        local $SIG{ALRM} = sub { die "too slow\n" };
        alarm 120;
        my $d = PPI::Document->new( \$source, readonly => 1 );
        alarm 0;
        $d;
    };
    if ($doc) {
        for my $token ( $doc->tokens ) {
            next unless $token->significant;
            my $text = $token->content;
            $text =~ s/([\n\r\t\\])/$escape{$1}/g;
            $out .= substr( ref $token, 12 ) . "\t$text\n";
        }
    }
    else {
        $out = "!error\n";
    }
    utf8::encode($out) if utf8::is_utf8($out);
    open my $to, '>:raw', "$cache/$sha.$$" or die "write $cache/$sha: $!";
    print $to $out;
    close $to or die "write $cache/$sha: $!";
    rename "$cache/$sha.$$", "$cache/$sha" or die "rename $cache/$sha: $!";
}

#!/usr/bin/env perl
# Fetches the pets of a supplier: petshop.pl URL FILE
use strict;
use warnings;

use HTTP::Date qw(time2str);
use LWP::UserAgent;
use Path::Tiny qw(path);

my ($url, $file) = @ARGV;
die "usage: $0 URL FILE\n" unless defined $file;

my @since = -e $file ? ('If-Modified-Since' => time2str((stat $file)[9])) : ();
my $answer = LWP::UserAgent->new(timeout => 30)->get($url, @since);

if ($answer->code == 304) {
    print "nothing new\n";
}
elsif ($answer->is_success) {
    path($file)->spew_raw($answer->decoded_content(charset => 'none'));
}
else {
    die 'cannot fetch ', $url, ': ', $answer->status_line, "\n";
}

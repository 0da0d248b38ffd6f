#!/usr/bin/perl
use strict;
use warnings;

use CGI;
use Guestbook;

my $cgi  = CGI->new;
my $book = Guestbook->new(dir => '/srv/guestbook');

my $name = $cgi->param('name');
print $cgi->header('text/html');
print "<h1>Hello $name</h1>\n";
print $book->page(scalar $cgi->param('page'));

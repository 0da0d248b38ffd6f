#!/usr/bin/env perl
# Author test: does this distribution, or what it requires, carry a flaw that is
# known? Put it into xt/, and run it with: prove xt/nacre.t
#
# It runs nacre (the program on the PATH, or $NACRE) on the folder that it is
# started in, which uses no network. Without nacre it is skipped.
#
# It fails only for what is locked or required in a version that is affected.
# That a requirement merely admits an affected version is advice: those who
# install your module choose the version, and usually get the newest.
use strict;
use warnings;

use File::Spec;
use JSON::PP ();
use Test::More;

sub which {
    return $ENV{NACRE} if defined $ENV{NACRE} && length $ENV{NACRE};
    for my $dir (File::Spec->path) {
        for my $name (qw(nacre nacre.exe)) {
            my $file = File::Spec->catfile($dir, $name);
            return $file if -f $file && -x _;
        }
    }
    return;
}

# Words from outside, for a terminal and for TAP.
sub show {
    my ($text) = @_;
    $text = '' unless defined $text;
    $text =~ s/[^\x20-\x7e]/?/g;
    return length $text > 300 ? substr($text, 0, 297) . '...' : $text;
}

my $nacre = which()
    or plan skip_all => 'nacre is not on the PATH, so known vulnerabilities are not looked for';

open my $out, '-|', $nacre, 'scan', '--format', 'json', '.'
    or plan skip_all => "nacre could not be started: $!";
my ($config, $summary, @findings, @fixes, @notices);
while (my $line = <$out>) {
    my $message = eval { JSON::PP->new->utf8->decode($line) } || {};
    $config  = $message->{config}  if $message->{config};
    $summary = $message->{summary} if $message->{summary};
    push @findings, $message->{finding} if $message->{finding};
    push @fixes,    $message->{fix}     if $message->{fix};
    push @notices,  $message->{notice}  if $message->{notice};
}
close $out;
my $status = $? >> 8;

if (!$summary) {
    fail('nacre could read this project');
    diag("nacre ended with status $status; what is above says why.");
    done_testing();
    exit;
}

my (%component, @order, @advice);
for my $finding (@findings) {
    if (!$finding->{counts}) {
        push @advice, $finding if !$finding->{ignored} && !$finding->{known};
        next;
    }
    my $ref = $finding->{component}{ref};
    push @order, $ref unless $component{$ref};
    push @{ $component{$ref} }, $finding;
}

for my $ref (@order) {
    fail('no known vulnerability in ' . show($ref));
    for my $finding (@{ $component{$ref} }) {
        my $advisory = $finding->{advisory};
        my $fixed = join ', ', @{ $finding->{fixed}{versions} || [] };
        diag(show("$advisory->{id}: $advisory->{title}"));
        diag('  ' . show(length $fixed ? "mended in $fixed" : 'no release is known to mend it yet'));
        diag('  ' . show('required by ' . join ' > ', @$_)) for grep { @$_ > 1 } @{ $finding->{paths} || [] };
    }
    for my $fix (grep { $_->{component} eq $ref } @fixes) {
        next unless $fix->{after};
        diag('  ' . show("in $fix->{file}: $fix->{after}"));
    }
}
pass("no known vulnerability; components looked at: $summary->{components}") unless @order;

SKIP: {
    my @partial = grep { $_->{partial} } @notices;
    skip 'the answer is not complete: ' . show(join '; ', map { $_->{text} } @partial), 1 if $summary->{partial};
    pass('everything could be looked at');
}

if (@order) {
    diag('');
    diag("Don't panic: a known flaw is not an attack, and it may not be reachable from your code.");
    diag('Usually it is enough to raise a minimum and to release. nacre scan . tells more.');
}
for my $finding (@advice) {
    my $fixed = join ', ', @{ $finding->{fixed}{versions} || [] };
    note(show("$finding->{component}{ref}: $finding->{advisory}{id} is "
        . ($finding->{admits} ? 'in some of the versions that are allowed' : $finding->{verdict})
        . (length $fixed ? "; a minimum of $fixed would rule it out" : '')));
}

done_testing();

package Guestbook::Session;

use strict;
use warnings;

use Digest::MD5 qw(md5_hex);

our $VERSION = '0.02';

sub new {
    my ($class, %args) = @_;
    my $self = bless {%args}, $class;
    $self->{id} ||= $self->_new_session_id;
    return $self;
}

sub _new_session_id {
    my $noise = join '', map { int rand 10 } 1 .. 8;
    return md5_hex(time . $$ . $noise);
}

# How long to wait before the next try: what nobody minds being guessed.
sub delay { return 1 + rand 3 }

# A word for today's visitors, on every page and no secret.
sub greeting {
    my @words = qw(Hello Welcome Ahoy);
    return $words[rand @words];
}

1;

package PetShop;

use strict;
use warnings;

use HTML::Entities qw(encode_entities);
use JSON::MaybeXS qw(decode_json);
use Path::Tiny qw(path);
use Plack::Request;

our $VERSION = '1.02';

# pets: [{"name": "Rex", "kind": "dog", "price": 120}, ...]
sub new {
    my ($class, %arg) = @_;
    my $pets = decode_json(path($arg{pets})->slurp_raw);
    return bless { pets => $pets }, $class;
}

sub pets {
    my ($self, $kind) = @_;
    return grep { !length $kind || $_->{kind} eq $kind } @{ $self->{pets} };
}

sub page {
    my ($self, $kind) = @_;
    my @rows = map {
        sprintf '<li>%s, a %s, for %.2f</li>',
            encode_entities($_->{name}), encode_entities($_->{kind}), $_->{price}
    } $self->pets($kind);
    return join "\n", '<!doctype html>', '<title>Pets</title>', '<ul>', @rows, '</ul>', '';
}

sub to_app {
    my ($self) = @_;
    return sub {
        my $request = Plack::Request->new(shift);
        my $kind    = $request->parameters->get('kind') // '';
        my $html    = $self->page($kind);
        utf8::encode($html);
        return [ 200, [ 'Content-Type' => 'text/html; charset=utf-8' ], [$html] ];
    };
}

1;

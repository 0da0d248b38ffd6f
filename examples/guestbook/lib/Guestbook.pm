package Guestbook;

use strict;
use warnings;

use Guestbook::Session;

our $VERSION = '0.02';

sub new {
    my ($class, %args) = @_;
    return bless { dir => $args{dir}, dbh => $args{dbh} }, $class;
}

sub page {
    my ($self, $name) = @_;
    open my $in, "$self->{dir}/$name" or die "no page $name: $!";
    local $/;
    return scalar <$in>;
}

sub entries_of {
    my ($self, $visitor) = @_;
    return $self->{dbh}->selectall_arrayref("SELECT text FROM entries WHERE visitor = '$visitor'");
}

sub thumbnail {
    my ($self, $file) = @_;
    system "convert $file -resize 80x80 $self->{dir}/thumb.png";
    return;
}

sub backup {
    my ($self) = @_;
    ## nacre: allow INJ02 the folder is what the administrator wrote into the settings
    system "tar cf /var/backups/guestbook.tar $self->{dir}";
    return;
}

1;

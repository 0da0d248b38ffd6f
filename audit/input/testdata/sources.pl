# Each call of sink says behind it who may choose its argument, and what the value
# was held to: "remote html", several with commas between them, or "nobody".
package Acme::Web;
use CGI;
use LWP::UserAgent;
use Getopt::Long;

my $cgi = CGI->new;
GetOptions('out=s' => \my $out, 'level=i' => \$level);

sink("fixed");                                      # nobody
sink($cgi->param('id'));                            # remote
sink(scalar $cgi->param('id'));                     # remote
sink("x " . $cgi->param('id') . " y");              # remote
sink($ENV{QUERY_STRING});                           # remote
sink($ENV{HTTP_USER_AGENT});                        # remote
sink($ENV{PATH});                                   # operator
sink($ARGV[0]);                                     # operator
sink(shift @ARGV);                                  # operator
sink($out);                                         # operator
sink("$level and $out");                            # operator
sink(scalar <STDIN>);                               # operator
sink(scalar <$fh>);                                 # file
sink(scalar <$client>);                             # remote
sink($^X);                                          # nobody
sink($$);                                           # nobody
sink(time);                                         # nobody
sink(int($cgi->param('n')));                        # remote number
sink($cgi->param('n') + 0);                         # remote number
sink(sprintf('%d', $cgi->param('n')));              # remote number
sink(sprintf('%s-%d', $ARGV[0], $cgi->param('n'))); # operator, remote number
sink(quotemeta $cgi->param('id'));                  # remote rejected shell pattern
sink(shell_quote($cgi->param('id')));               # remote shell
sink(encode_entities($cgi->param('id')));           # remote html
sink($dbh->quote($cgi->param('id')));               # remote sql
sink(basename($cgi->param('id')));                  # remote base
sink(md5_hex($cgi->param('id')));                   # remote plain
sink("a @{[ $cgi->param('id') ]} b");               # remote

sub by_argument {
    my ($self, $name, %arg) = @_;
    sink($name);                                    # caller
    sink("x $name");                                # caller
    sink($arg{file});                               # caller
    sink($self->{file});                            # held
    sink($self->{config});                          # held
}

sub by_variable {
    my $q = shift;
    my $id = $q->param('id');
    sink($id);                                      # remote
    my $line = "id $id\n";
    sink($line);                                    # remote
    return if $id !~ /\A[a-z]+\z/;
    sink($id);                                      # remote allowed base lines
}

sub by_list {
    my ($name) = @_;
    die "no" unless exists $Known{$name};
    sink($name);                                    # caller allowed lines
}

sub by_capture {
    my ($name) = @_;
    if ($name =~ /^(\w+)-(.*)$/) {
        sink($1);                                   # caller allowed base lines
        sink($2);                                   # caller
    }
}

sub by_cleaning {
    my ($name) = @_;
    $name =~ s/[^\w.-]//g;
    sink($name);                                    # caller allowed rejected lines html sql
}

sub by_check {
    my ($name) = @_;
    validate_name($name);
    sink($name);                                    # caller allowed lines
}

sub by_psgi {
    my $env = shift;
    sink($env->{PATH_INFO});                        # remote
    sink($env->{'HTTP_X_FORWARDED_FOR'});           # remote
}

sub by_header {
    my $c = shift;
    sink($c->req->headers->header('Accept-Language')); # remote
}

sub by_answer {
    my $ua = LWP::UserAgent->new;
    my $res = $ua->get('https://example.org/');
    sink($res->decoded_content);                    # remote
    my $html = $res->content;
    sink($html);                                    # remote
}

sub _private { my ($x) = @_; sink($x) }             # remote
sub asks { _private($cgi->param('y')) }

sub by_topic {
    while (<$file>) {
        next unless /^(\S+)\s+(\d+)/;
        sink($1);                                   # file lines
        sink($2);                                   # file allowed base lines number
    }
}

sub by_number {
    my ($n, $name) = @_;
    my $size = sprintf '%05d', $n;
    sink($size);                                    # caller number
    my $length = length $name;
    sink($length);                                  # nobody
    my $safe = shell_quote($name);
    sink($safe);                                    # caller shell
}

sub by_own_escape {
    my ($text, $name) = @_;
    sink(_html_escape($text));                      # caller html
    sink(_quote_args($name));                       # caller shell
    sink($self->escape_sql($text));                 # caller sql
    sink(unescape($text));                          # caller
}
sub _html_escape { my $t = shift; $t =~ s/x/y/; return $t }
sub _quote_args { my @a = @_; return join ' ', @a }

sub by_method {
    my ($self, $user) = @_;
    sink($user->name);                              # held
    sink(Acme::Registry->names);                    # unknown
}

sub by_old_cgi {
    read(STDIN, my $buffer, $ENV{CONTENT_LENGTH});
    foreach (split /&/, $buffer) {
        my ($key, $value) = split /=/;
        $FORM{$key} = $value;
    }
    sink($FORM{to});                                # remote
}

sub by_options {
    my ($self, $opt, $node) = @_;
    sink($opt->{file});                             # caller
    sink($node->{file});                            # held
}

get '/' => sub {
    sink(params->{name});                           # remote
    my $other = query_parameters->{other};
    sink($other);                                   # remote
};

sub view : Local Args(1) {
    my ($self, $c, $id) = @_;
    sink($id);                                      # remote
}

sub by_cgi_lib {
    &ReadParse(*in);
    sink($in{name});                                # remote
}

sub by_validate {
    my $self = shift;
    my %p = validate(@_, { file => 1 });
    sink($p{file});                                 # caller
}

sub by_count {
    my ($self, @list) = @_;
    my $n = @list;
    my $m = scalar @list;
    my ($first) = @list;
    sink($n);                                       # caller number
    sink($m);                                       # nobody
    sink($first);                                   # caller
    die if $first =~ /\D/;
    sink($first);                                   # caller number allowed rejected base lines html sql
}

sub by_class {
    my $m = Email::MIME->new($text);
    sink($m->header('Subject'));                    # remote
    my $q = Acme::Queue->new;
    sink($q->param('x'));                           # unknown
}

package Acme::App;
use base 'CGI::Application';
use CGI::Application;

sub run_mode {
    my $self = shift;
    sink($self->param('title'));         # held
    sink($self->query->param('title'));  # remote
}

sub by_modifier {
    my ($self, $to, $kind) = @_;
    sink($to) if $to =~ m{\A/\w+\z};               # caller allowed lines
    $kind = 'a' if !$Known{$kind};
    sink($kind);                                    # caller allowed lines
    my $n = () = $self->list;
    sink($n);                                       # held number
    for my $name (qw(x y)) {
        if ($name eq $to) { sink($to) }             # caller allowed lines
    }
}

sub by_branch {
    my ($self, $x, $y) = @_;
    if ($x =~ /\A\w+\z/) { $n++ } else { sink($x) } # caller
    if ($y !~ /\A\w+\z/) { sink($y) }              # caller
}

sub by_unless {
    my ($self, $x, $kind) = @_;
    unless ($x =~ /\A\d+\z/) {
        sink($x);                                   # caller
    }
    sink($x);                                       # caller allowed base lines number
    unless ($kind eq 'list') {
        sink($kind);                                # caller
    }
}

sub by_else {
    my ($self, $x, $kind) = @_;
    if (!($x =~ /\A\w+\z/)) {
        sink($x);                                   # caller
    } elsif ($kind eq 'list') {
        sink($x);                                   # caller allowed base lines
        sink($kind);                                # caller allowed lines
    } else {
        sink($kind);                                # caller
    }
    if ($kind =~ m{[;|&]}) { sink($kind) }          # caller
    sink($kind);                                    # caller rejected
}

sub by_or {
    my ($self, $x, $y) = @_;
    $x =~ /\A\w+\z/ or sink($x);                    # caller
    $x =~ /\A\w+\z/ and sink($x);                   # caller allowed base lines
    sink($y !~ /\A\w+\z/ ? $y : 0);                 # caller
    sink($y =~ /\A\w+\z/ ? $y : 0);                 # caller allowed base lines
}

sub by_equal {
    my ($self, $x, $y) = @_;
    return unless $x eq 'a' or $x eq 'b';
    sink($x);                                       # caller allowed lines
    die if $y eq 'a';
    sink($y);                                       # caller
}

sub by_halves {
    my ($self, $x, $y, $z) = @_;
    die unless $x =~ /^\w+|\w+$/;
    sink($x);                                       # caller
    die unless $y =~ /^\w+$/m;
    sink($y);                                       # caller
    die unless $z =~ /\A[\w\s]+\z/;
    sink($z);                                       # caller allowed base
}

sub by_result {
    my ($self, $x) = @_;
    my $y = $x =~ s/\W//gr;
    sink($y);                                       # caller allowed rejected base lines html sql
    sink($x =~ tr/a-z//cdr);                        # caller allowed rejected base lines html sql
    sink($x);                                       # caller
}

sub escaped {
    my ($self, $label, $mark, $column, $i) = @_;
    $label =~ s/([\\'])/\\$1/g;
    sink($label);                                   # caller allowed shell sql base lines escaped, caller shell sql escaped, unknown allowed shell sql base lines escaped
    (my $two = $mark) =~ s/\\/\\\\/g;
    sink($two);                                     # caller escaped
    die "no such column" unless $self->has_column($column);
    sink($column);                                  # caller allowed lines
    sink($_) for 0 .. $#$i;                         # caller number
}

sub set_field {
    my ($self, $field, $to) = @_;
    $self->{fields}{$field} = $to;
}

sub use_field {
    my $self = shift;
    sink($self->{fields}{size});                    # held
}

# What a list holds is known where the rest leaves; where its members leave, what
# follows is not on it.
sub by_cache {
    my ($self, $name, $dir, $kind, $role) = @_;
    return 1 if $self->{loaded}{$name};
    sink($name);                                    # caller
    return $self->{dir}{$dir} if exists $self->{dir}{$dir};
    sink($dir);                                     # caller
    return 1 unless $Known{$kind};
    sink($kind);                                    # caller allowed lines
    next if !defined $Known{$role};
    sink($role);                                    # caller allowed lines
}

sub by_lookup {
    my ($self, $a, $b, $c, $d) = @_;
    if ($Known{$a}) {
        sink($a);                                   # caller allowed lines
    } else {
        sink($a);                                   # caller
    }
    if ($Known{$b}) { $n++ }
    sink($b);                                       # caller
    unless (exists $Known{$c}) {
        sink($c);                                   # caller
        die "unknown kind";
    }
    sink($c);                                       # caller allowed lines
    $Known{$d} or do { warn "unknown"; return };
    sink($d);                                       # caller allowed lines
}

sub by_lookup_else {
    my ($self, $a, $b, $c, $d) = @_;
    if ($Known{$a}) { return 1 }
    sink($a);                                       # caller
    if ($Known{$b}) { $n++ } else { return }
    sink($b);                                       # caller allowed lines
    $Known{$c} and return;
    sink($c);                                       # caller
    sink($Known{$d} ? 0 : $d);                      # caller
    sink($Known{$d} ? $d : 0);                      # caller allowed lines
}

# What a sub fills by the same key is no list.
sub by_seen {
    my ($self, $a, $b, $c, $d) = @_;
    unless ($self->{loaded}{$a}) {
        sink($a);                                   # caller
        $self->{loaded}{$a}++;
    }
    sink($a);                                       # caller
    if (!$Seen{$b}) {
        $Seen{$b} = 1;
        die if $self->{closed};
    }
    if ($Seen{$b}) { sink($b) }                     # caller
    if (not exists $Seen{$c}) { sink($c) }          # caller
    die "never heard of it" unless exists $Count{$d};
    $Count{$d}++;
    sink($d);                                       # caller allowed lines
}

sub by_array {
    my ($self, $a, $b, $c) = @_;
    return if grep { $_ eq $a } @{ $self->{done} };
    sink($a);                                       # caller
    die unless grep { $_ eq $b } @{ $self->{kinds} };
    sink($b);                                       # caller allowed lines
    die if none { $c eq $_ } @kinds;
    sink($c);                                       # caller allowed lines
}

sub by_leaving {
    my ($self, $a, $b, $c, $d, @list) = @_;
    return plain($a) if $a =~ /\A\w+\z/;
    sink($a);                                       # caller
    if ($b =~ /\A\w+\z/) { sink($b); return }       # caller allowed lines base
    sink($b);                                       # caller
    return 0 if is_valid_name($c);
    sink($c);                                       # caller
    die "no" if $d =~ $forbidden;
    sink($d);                                       # caller rejected
    for (@list) {
        next if /\A\w+\z/;
        sink($_);                                   # caller
    }
    for (@list) {
        /\A\w+\z/ or next;
        sink($_);                                   # caller allowed lines base
    }
}

sub by_leaving_maybe {
    my ($self, $a, $b, $c, $d) = @_;
    if (!$ok{$a}) { plain($a) and return }
    sink($a);                                       # caller allowed lines
    if (!$ok{$b}) { $strict and die "no" }
    sink($b);                                       # caller
    unless ($ok{$c}) { open(my $fh, '<', $log) or die }
    sink($c);                                       # caller
    $ok{$d} or $any{$d} or return;
    sink($d);                                       # caller allowed lines
}

package Acme::Settings;

sub by_settings {
    my ($self, $c, $r) = @_;
    sink($self->{config}{dir});                     # operator
    sink($self->{site_conf}->{dir});                # operator
    sink($c->config->{dir});                        # operator
    sink($self->config('dir'));                     # operator
    sink($self->{cfg}->val('paths', 'dir'));        # operator
    sink($r->dir_config('Dir'));                    # operator
    sink(LoadFile("$home/acme.conf"));              # operator
    sink(LoadFile($config_file));                   # operator
    sink(LoadFile("$self->{folder}/all/the/others/etc/acme.conf")); # operator
    sink(LoadFile($self->{conf_file}));             # operator
    sink(LoadFile("$self->{config}{uploads}/$id")); # file
    sink(LoadFile($file));                          # file
    while (my $line = <CONF>) { sink($line) }       # operator
    sink($self->{options}{dir});                    # held
    sink($self->{dir}{config});                     # held
    sink($self->config);                            # held
}

package Acme::Order;

sub by_own_result {
    my ($self, $name) = @_;
    $name = $self->slurp(sink($name));              # caller
    if ($self->{old}) {
        $name = $cgi->param('name');
    } else {
        sink($name);                                # file
    }
    sink($name);                                    # file, remote
}
sub slurp { my ($self, $file) = @_; open my $fh, '<', $file or die; return <$fh> }

package Acme::Rewritten;

sub by_loop {
    my ($self) = @_;
    my %all = (a => $cgi->param('a'));
    for my $key (keys %all) {
        next unless defined $all{$key};
        $all{$key} = $self->{dbh}->quote($all{$key});
    }
    sink(join ',', %all);                           # remote sql, unknown sql
    my %some = (a => $cgi->param('a'));
    for my $key (keys %some) {
        if ($key ne 'a') { $some{$key} = $self->{dbh}->quote($some{$key}) }
    }
    sink(join ',', %some);                          # remote, remote sql, unknown sql
}

sub by_settings {
    my ($self, $rc) = @_;
    sink($self->config->root);                      # operator
    sink($site_conf->root);                         # operator
    sink($rc->message);                             # held
}

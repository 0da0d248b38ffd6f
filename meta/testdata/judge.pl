# What CPAN::Meta makes of documents: one a line on standard input, "json" or
# "yml" and the text in hex; a line of JSON each on standard output.
use strict;
use warnings;
use CPAN::Meta::Converter;
use CPAN::Meta::Validator;
use Encode ();
use JSON::PP ();
use Parse::CPAN::Meta;
$SIG{__WARN__} = sub { };

# The places of errors, as lists of keys; an element of a list stands there as
# its value.
{
	no warnings 'redefine';
	*CPAN::Meta::Validator::_error = sub {
		my $self = shift;
		push @{$self->{errors}}, [map { ref && !UNIVERSAL::isa($_, 'JSON::PP::Boolean') ? 'REFERENCE' : "$_" } @{$self->{stack} || []}];
	};
}

# Every value as a text: what is compared is what perl would print.
sub plain {
	my ($x) = @_;
	return [map plain($_), @$x] if ref $x eq 'ARRAY';
	return {map { $_ => plain($x->{$_}) } keys %$x} if ref $x eq 'HASH';
	return defined $x ? "$x" : undef;
}

my $json = JSON::PP->new->canonical->ascii->allow_nonref->max_depth(5000);
print $json->encode({version => CPAN::Meta::Validator->VERSION}), "\n";
while (my $line = <STDIN>) {
	chomp $line;
	my ($format, $hex) = split / /, $line;
	my $text = Encode::decode('UTF-8', pack('H*', $hex // ''), Encode::PERLQQ());
	my $load = $format eq 'json' ? 'load_json_string' : 'load_yaml_string';
	my $data = eval { Parse::CPAN::Meta->$load($text) };
	if ($@) {
		print $json->encode({load => 0}), "\n";
		next;
	}
	my %answer = (load => 1, tree => plain($data));
	if (ref $data eq 'HASH') {
		for my $to ('2', '1.4') {
			my $made = eval { CPAN::Meta::Converter->new($data)->convert(version => $to) };
			my ($step) = $@ =~ /\AFailed to (?:clean-up|upconvert metadata to|downconvert metadata to) (\d+(?:\.\d+)?)/;
			$answer{$to} = $@ ? {ok => 0, step => $step} : {ok => 1, tree => plain($made)};
		}
	}
	my $judge = CPAN::Meta::Validator->new($data);
	$answer{valid} = $judge->is_valid ? 1 : 0;
	$answer{paths} = [$judge->errors];
	print $json->encode(\%answer), "\n";
}

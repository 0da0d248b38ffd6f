package main

import (
	"bytes"
	"fmt"
)

// source writes a module of 5 to 20 KB: a head as CPAN's have it, then subs
// with their documentation between them.
func (r *root) source(module, version string, uses []string) string {
	var s bytes.Buffer
	word := func() string { return r.words[r.rand.IntN(len(r.words))] }
	fmt.Fprintf(&s, "package %s;\n\nuse strict;\nuse warnings;\n", module)
	for _, u := range uses {
		fmt.Fprintf(&s, "use %s;\n", u)
	}
	fmt.Fprintf(&s, "\nour $VERSION = '%s';\n\n=head1 NAME\n\n%s - %s %s\n\n=cut\n", version, module, word(), word())
	for size := 5000 + r.rand.IntN(15_000); s.Len() < size; {
		name := word() + "_" + word()
		fmt.Fprintf(&s, "\n=head2 %s\n\n", name)
		for range 2 + r.rand.IntN(6) {
			for range 10 {
				s.WriteString(word() + " ")
			}
			s.WriteString("\n")
		}
		fmt.Fprintf(&s, "\n=cut\n\nsub %s {\n    my ($self, $%s, %%opt) = @_;\n", name, word())
		for range 3 + r.rand.IntN(12) {
			a, c, d := word(), word(), word()
			switch r.rand.IntN(5) {
			case 0:
				fmt.Fprintf(&s, "    if ($self->{%s} && $opt{%s} =~ m{^%s/(\\w+)$}i) {\n        push @{ $self->{%s} }, $1; # %s\n    }\n", a, c, d, a, c)
			case 1:
				fmt.Fprintf(&s, "    my $%s = join ', ', map { \"$_=$opt{$_}\" } sort keys %%opt;\n", a)
			case 2:
				fmt.Fprintf(&s, "    $self->{%s} = $self->%s($opt{%s} // '%s') or return;\n", a, c, d, a)
			case 3:
				fmt.Fprintf(&s, "    (my $%s = $self->{%s}) =~ s/\\s+%s/ /g;\n", a, c, d)
			case 4:
				fmt.Fprintf(&s, "    return %d / $self->%s unless defined $opt{%s};\n", r.rand.IntN(100), a, c)
			}
		}
		s.WriteString("    return $self;\n}\n")
	}
	s.WriteString("\n1;\n")
	return s.String()
}

package scan

import (
	"bytes"
	"testing"
)

// TestAppended: a floor is added only where it means what it says.
func TestAppended(t *testing.T) {
	const line = "requires 'Foo::Bar', '>= 1.3';"
	for _, c := range []struct {
		name, file, want string // want "" is refused
	}{
		{"empty", "", line + "\n"},
		{"plain", "requires 'Qux';\n", "requires 'Qux';\n" + line + "\n"},
		{"without a line end", "requires 'Qux';", "requires 'Qux';\n" + line + "\n"},
		{"with CRLF", "requires 'Qux';\r\n", "requires 'Qux';\r\n" + line + "\r\n"},
		{"behind the end", "requires 'Qux';\n__END__\n", ""},
		{"in a POD", "requires 'Qux';\n\n=pod\n\ntext\n", ""},
		{"a statement without its end", "requires 'Qux'", ""},
	} {
		got, open := AppendStatement([]byte(c.file), line)
		if open != (c.want != "") || open && !bytes.Equal(got, []byte(c.want)) {
			t.Errorf("%s: %q %v", c.name, got, open)
		}
	}
}

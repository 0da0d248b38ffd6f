// Package unified writes the difference of two texts as a unified diff, in the
// form that git apply and patch -p1 take:
//
//	--- a/cpanfile
//	+++ b/cpanfile
//	@@ -1,3 +1,3 @@
//	 requires 'Acme::One';
//	-requires 'Foo::Bar', '1.0';
//	+requires 'Foo::Bar', '1.3';
//	 requires 'Acme::Two';
//
// Promised: the same texts give the same diff, and applying it to the first gives
// the second, line ends and a missing last one included. Not promised: that it is
// the shortest one: where much has changed, everything between the first change
// and the last is one block.
//
// Source: POSIX.1-2017, diff, "Diff -u Output Format"; for the line about a
// missing line end and for /dev/null, GNU diffutils' manual.
package unified

import (
	"fmt"
	"strings"
)

// Around is how many equal lines stand around a change.
const Around = 3

// maxCells bounds the table in which equal lines between two changes are looked
// for, in entries of two bytes.
const maxCells = 4 << 20

// Lines are the lines of a text, with their ends.
func Lines(text []byte) []string {
	ls := strings.SplitAfter(string(text), "\n")
	if n := len(ls); ls[n-1] == "" {
		ls = ls[:n-1]
	}
	return ls
}

// Diff is the difference of two texts.
type Diff struct {
	name     string
	above    int // lines of both texts that stand before these
	old, new []string
	changes  []change
}

// change is a run of old lines that new ones take the place of.
type change struct{ old, oldEnd, new, newEnd int }

// New compares two texts, as Lines gives them, of the file of that name, a slash
// path. A nil one is a file that is not there.
func New(name string, from, to []string) Diff {
	d := Diff{name: name, old: from, new: to}
	head, tail := 0, 0
	for head < min(len(from), len(to)) && from[head] == to[head] {
		head++
	}
	for tail < min(len(from), len(to))-head && from[len(from)-1-tail] == to[len(to)-1-tail] {
		tail++
	}
	whole := change{head, len(from) - tail, head, len(to) - tail}
	if whole.old == whole.oldEnd && whole.new == whole.newEnd {
		return d
	}
	d.changes = d.split(whole)
	return d
}

// Part compares a part of two texts, of which above lines stand before it in
// both. It is what New gives for the whole, if the part has Around lines on both
// sides of what changed, or begins or ends with the text.
func Part(name string, above int, from, to []string) Diff {
	d := New(name, from, to)
	d.above = above
	return d
}

// split finds the equal lines within a change by the longest common subsequence.
func (d *Diff) split(c change) []change {
	a, b := d.old[c.old:c.oldEnd], d.new[c.new:c.newEnd]
	if len(a) == 0 || len(b) == 0 || (len(a)+1)*(len(b)+1) > maxCells || len(a) > 1<<15 || len(b) > 1<<15 {
		return []change{c}
	}
	width := len(b) + 1
	common := make([]uint16, (len(a)+1)*width) // of what follows i and j
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i*width+j] = common[(i+1)*width+j+1] + 1
			} else {
				common[i*width+j] = max(common[(i+1)*width+j], common[i*width+j+1])
			}
		}
	}
	var out []change
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		if i < len(a) && j < len(b) && a[i] == b[j] {
			i, j = i+1, j+1
			continue
		}
		if n := len(out); n == 0 || out[n-1].oldEnd != c.old+i || out[n-1].newEnd != c.new+j {
			out = append(out, change{c.old + i, c.old + i, c.new + j, c.new + j})
		}
		last := &out[len(out)-1]
		if j == len(b) || i < len(a) && common[(i+1)*width+j] >= common[i*width+j+1] {
			i++
			last.oldEnd++
		} else {
			j++
			last.newEnd++
		}
	}
	return out
}

// IsEmpty reports whether the texts are the same.
func (d Diff) IsEmpty() bool { return len(d.changes) == 0 }

// Before is the old lines from the first change to the last, without the last
// line's end.
func (d Diff) Before() string {
	if d.IsEmpty() {
		return ""
	}
	return plain(d.old[d.changes[0].old:d.changes[len(d.changes)-1].oldEnd])
}

// After is the new lines from the first change to the last, without the last
// line's end.
func (d Diff) After() string {
	if d.IsEmpty() {
		return ""
	}
	return plain(d.new[d.changes[0].new:d.changes[len(d.changes)-1].newEnd])
}

// plain joins lines without the last line's end.
func plain(ls []string) string {
	return strings.ReplaceAll(strings.TrimRight(strings.Join(ls, ""), "\r\n"), "\r\n", "\n")
}

// String is the unified diff, "" where the texts are the same.
func (d Diff) String() string {
	if d.IsEmpty() {
		return ""
	}
	var b strings.Builder
	from, to := "a/"+d.name, "b/"+d.name
	if d.old == nil {
		from = "/dev/null"
	}
	if d.new == nil {
		to = "/dev/null"
	}
	fmt.Fprintf(&b, "--- %s\n+++ %s\n", from, to)
	for rest := d.changes; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].old-rest[n-1].oldEnd <= 2*Around {
			n++
		}
		d.hunk(&b, rest[:n])
		rest = rest[n:]
	}
	return b.String()
}

// hunk writes changes that are near each other, with the lines around them.
func (d Diff) hunk(b *strings.Builder, changes []change) {
	first, last := changes[0], changes[len(changes)-1]
	lead := min(Around, first.old)
	rest := min(Around, len(d.old)-last.oldEnd)
	fmt.Fprintf(b, "@@ -%s +%s @@\n",
		span(d.above+first.old-lead, last.oldEnd+rest-(first.old-lead)),
		span(d.above+first.new-lead, last.newEnd+rest-(first.new-lead)))
	at := first.old - lead
	for _, c := range changes {
		write(b, " ", d.old[at:c.old])
		write(b, "-", d.old[c.old:c.oldEnd])
		write(b, "+", d.new[c.new:c.newEnd])
		at = c.oldEnd
	}
	write(b, " ", d.old[at:at+rest])
}

func write(b *strings.Builder, sign string, ls []string) {
	for _, l := range ls {
		b.WriteString(sign + l)
		if !strings.HasSuffix(l, "\n") {
			b.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// span is the place of a hunk: the first line from 1, and how many lines. One
// without lines stands behind the line before it.
func span(start, n int) string {
	if n == 0 {
		return fmt.Sprintf("%d,0", start)
	}
	return fmt.Sprintf("%d,%d", start+1, n)
}

package policy

import (
	"strings"
)

// The markup that tells paragraphs from each other. Nothing else of Markdown is
// needed to read a page of prose.
var (
	mdHeading = lazy(`^ {0,3}#{1,6}\s+(.*?)\s*#*$`)
	underline = lazy(`^ {0,3}(=[= ]*|-[- ]*)$`)
	item      = lazy(`^\s*(?:[-*+]|\d{1,3}[.)])\s+`)
	mdLink    = lazy(`\[([^\]\[]*)\]\(([^()\s]*)\)`)
	autolink  = lazy(`<((?:https?|mailto):[^<>\s]+|[^<>\s]+@[^<>\s]+)>`)
	htmlTag   = lazy(`(?i)</?(?:a|b|i|p|br|hr|div|span|img|table|tr|td|th|ul|ol|li|h[1-6]|html|body|head|pre|code|strong|em|details|summary|center|font)(?:\s[^<>]*)?/?>`)
	emphasis  = strings.NewReplacer("**", "", "__", "", "*", "", "`", "")
	podCode   = lazy(`[A-Z]<([^<>]*)>`)
	podWide   = lazy(`[A-Z]<<+\s+(.*?)\s+>>+`)
)

// markdown splits Markdown, or plain text, into paragraphs.
func (d *Document) markdown(lines []string) {
	var open *paragraph
	comment := false
	for i, l := range lines {
		l = cutComments(l, &comment)
		if d.html == 0 && htmlTag().MatchString(l) {
			d.html = i + 1
		}
		if m := mdHeading().FindStringSubmatch(l); m != nil {
			d.add(paragraph{line: i + 1, lines: []string{m[1]}, heading: true})
			open = nil
			continue
		}
		switch {
		case open != nil && len(open.lines) == 1 && underline().MatchString(l) && !item().MatchString(open.lines[0]):
			open.heading = true
			open = nil
			continue
		case strings.TrimSpace(l) == "", strings.HasPrefix(strings.TrimSpace(l), "```"), underline().MatchString(l):
			open = nil
			continue
		case item().MatchString(l), strings.HasPrefix(strings.TrimSpace(l), "|"):
			open = nil
		}
		if open == nil {
			open = d.add(paragraph{line: i + 1})
		}
		open.lines = append(open.lines, l)
	}
	for i := range d.paragraphs {
		p := &d.paragraphs[i]
		text := strings.Join(p.lines, " ")
		text = mdLink().ReplaceAllString(text, "$1 $2")
		text = autolink().ReplaceAllString(text, "$1")
		p.text = strings.Join(strings.Fields(emphasis.Replace(text)), " ")
	}
}

// cutComments takes HTML comments out of a line; open says whether one goes on
// from the line before, and into the next.
func cutComments(l string, open *bool) string {
	var b strings.Builder
	for {
		if *open {
			i := strings.Index(l, "-->")
			if i < 0 {
				return b.String()
			}
			l, *open = l[i+3:], false
		}
		before, after, found := strings.Cut(l, "<!--")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		l, *open = after, true
	}
}

// pod splits POD into paragraphs.
func (d *Document) pod(lines []string) {
	var open *paragraph
	inside := false
	for i, l := range lines {
		if strings.HasPrefix(l, "=") {
			command, rest, _ := strings.Cut(l, " ")
			inside = command != "=cut"
			open = nil
			if rest = strings.TrimSpace(rest); rest == "" || command == "=over" || command == "=encoding" || !inside {
				continue
			}
			p := d.add(paragraph{line: i + 1, lines: []string{rest}, heading: strings.HasPrefix(command, "=head")})
			if !p.heading {
				open = p
			}
			continue
		}
		if !inside || strings.TrimSpace(l) == "" {
			open = nil
			continue
		}
		if open == nil {
			open = d.add(paragraph{line: i + 1})
		}
		open.lines = append(open.lines, l)
	}
	for i := range d.paragraphs {
		p := &d.paragraphs[i]
		p.text = strings.Join(strings.Fields(plainPOD(strings.Join(p.lines, " "))), " ")
	}
}

// podDepth bounds formatting codes within each other; perlpod's own documents
// have three.
const podDepth = 8

// plainPOD takes the formatting codes of perlpod away.
func plainPOD(s string) string {
	s = strings.NewReplacer("E<lt>", "\x01", "E<gt>", "\x02", "E<64>", "@", "E<0x40>", "@", "E<verbar>", " ", "E<sol>", "/").Replace(s)
	s = podWide().ReplaceAllString(s, "$1")
	for range podDepth {
		next := podCode().ReplaceAllString(s, "$1")
		if next == s {
			break
		}
		s = next
	}
	return strings.NewReplacer("\x01", "<", "\x02", ">", "|", " ").Replace(s)
}

func (d *Document) add(p paragraph) *paragraph {
	d.paragraphs = append(d.paragraphs, p)
	return &d.paragraphs[len(d.paragraphs)-1]
}

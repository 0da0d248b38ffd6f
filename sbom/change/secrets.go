package change

import (
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What stands in place of what was taken out. Each is still what it was, a name,
// an address, a URL or a path, so that a document stays valid; .invalid is
// nobody's (RFC 2606).
const (
	noName = "REDACTED"
	noMail = "redacted@redacted.invalid"
	noURL  = "https://redacted.invalid/"
	noPath = "/REDACTED"
)

var (
	// Mail addresses and their hosts may be in letters of any script (RFC 6531).
	mailPattern = regexp.MustCompile(`[\p{L}\p{M}\p{N}._%+-][\p{L}\p{M}\p{N}._%+'-]*@(?:[\p{L}\p{M}\p{N}-]+\.)+(?:xn--[A-Za-z0-9-]+|[\p{L}\p{M}]{2,})`)
	urlPattern  = regexp.MustCompile(`[A-Za-z][A-Za-z0-9+.-]*://[^\s<>"'` + "`" + `)\]}|\\]+`)
	scpPattern  = regexp.MustCompile(`\b[A-Za-z0-9._-]+(?:@|%40)([A-Za-z0-9.-]+):[A-Za-z0-9._~/%-]+`)
	// quotedPattern is a URL in a package URL, where it is escaped.
	quotedPattern = regexp.MustCompile(`[A-Za-z](?:[A-Za-z0-9+.-]|%2[Bb])*(?::|%3[Aa])%2[Ff](?:/|%2[Ff])[^\s<>"'&#|]+`)
	pathPattern   = regexp.MustCompile(`(?:^|[\s"'=(:,;])((?:/(?:home|Users|root|srv|opt|build|builds|tmp|var|workspace|mnt|data|private|usr/local)/[^\s"'<>):,;]+)|(?:[A-Za-z]:\\[^\s"'<>]+)|(?:\\\\[A-Za-z0-9._-]+\\[^\s"'<>]+))`)
)

// secrets takes out of a text what must not be in it.
type secrets struct {
	rules Rules
	words map[string]*wordList // what is taken out, by its first word
	count map[string]bool      // what was taken out
}

// wordList are the names that begin with one word, and how long they are, the
// longest first: with a length a name is found at once, however many there are.
type wordList struct {
	names   map[string]bool
	lengths []int
}

// maxName bounds the names that are looked for in other texts, in bytes. A longer
// one is taken out where it stands as a name.
const maxName = 300

// add notes a name that is taken out wherever it stands as a whole.
func (s *secrets) add(word string) {
	first := word[:wordEnd(word)]
	if first == "" || len(word) > maxName || s.keeps(word) {
		return
	}
	list := s.words[first]
	if list == nil {
		list = &wordList{names: map[string]bool{}}
		s.words[first] = list
	}
	list.names[word] = true
	if !slices.Contains(list.lengths, len(word)) {
		list.lengths = append(list.lengths, len(word))
		slices.SortFunc(list.lengths, func(a, b int) int { return b - a })
	}
}

// at gives the longest name that a text begins with, "" for none.
func (s *secrets) at(t, first string) string {
	list := s.words[first]
	if list == nil {
		return ""
	}
	for _, n := range list.lengths {
		if n > len(t) || !list.names[t[:n]] {
			continue
		}
		last, _ := utf8.DecodeLastRuneInString(t[:n])
		if wordEnd(t[n:]) == 0 || wordEnd(string(last)) == 0 {
			return t[:n]
		}
	}
	return ""
}

func (s *secrets) keeps(word string) bool {
	return slices.ContainsFunc(s.rules.Keep, func(k string) bool { return strings.EqualFold(k, word) })
}

// text gives a text without what must not be in it.
func (s *secrets) text(t string) string {
	if t == "" {
		return t
	}
	if s.rules.URLs {
		t = s.urls(t)
		t = scpPattern.ReplaceAllStringFunc(t, func(u string) string {
			host := scpPattern.FindStringSubmatch(u)[1]
			if !strings.HasPrefix(host, "sha") && s.privateHost(host) { // NAME@sha256:... is a digest
				return s.out(u, noURL)
			}
			return u
		})
	}
	if s.rules.Personal && !strings.HasPrefix(t, "pkg:") {
		t = mailPattern.ReplaceAllStringFunc(t, func(m string) string {
			if strings.HasPrefix(m, "git@") || m == noMail || s.keeps(m) {
				return m // the user of every git server
			}
			return s.out(m, noMail)
		})
	}
	if s.rules.Paths {
		t = pathPattern.ReplaceAllStringFunc(t, func(p string) string {
			path := pathPattern.FindStringSubmatch(p)[1]
			return strings.TrimSuffix(p, path) + s.out(path, noPath)
		})
	}
	return s.names(t)
}

// urls gives a text without addresses that are not for the public.
func (s *secrets) urls(t string) string {
	if strings.Contains(t, "://") {
		t = urlPattern.ReplaceAllStringFunc(t, func(u string) string {
			if s.private(u) {
				return s.out(u, noURL)
			}
			return u
		})
	}
	if strings.Contains(t, "%2F") || strings.Contains(t, "%2f") {
		t = quotedPattern.ReplaceAllStringFunc(t, func(u string) string {
			if plain, err := url.PathUnescape(u); err == nil && s.private(plain) {
				return s.out(u, strings.ReplaceAll(noURL, "/", "%2F"))
			}
			return u
		})
	}
	return t
}

func (s *secrets) out(what, instead string) string {
	s.count[what] = true
	return instead
}

// names takes the names out: only where they stand as whole words, because a
// name may be a part of another.
func (s *secrets) names(t string) string {
	if len(s.words) == 0 {
		return t
	}
	var b strings.Builder
	done, i := 0, 0
	for i < len(t) {
		n := wordEnd(t[i:])
		if n == 0 {
			_, size := utf8.DecodeRuneInString(t[i:])
			i += size
			continue
		}
		found := s.at(t[i:], t[i:i+n])
		if found == "" {
			i += n
			continue
		}
		b.WriteString(t[done:i])
		b.WriteString(s.out(found, noName))
		i += len(found)
		done = i
	}
	if done == 0 {
		return t
	}
	return b.String() + t[done:]
}

// wordEnd is how many bytes of letters and digits a text begins with.
func wordEnd(t string) int {
	for i, r := range t {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' {
			return i
		}
	}
	return len(t)
}

// private reports whether a URL leads to what is not for the public.
func (s *secrets) private(text string) bool {
	u, err := url.Parse(text)
	if err != nil {
		return false
	}
	if u.Scheme == "file" {
		return true
	}
	return u.User != nil && u.User.String() != "git" || s.privateHost(u.Hostname())
}

// domains are those whose hosts no public name server knows.
//
// Sources: RFC 6761, RFC 6762, RFC 8375; ICANN's reservation of .internal; names
// that local networks are commonly given.
var domains = [...]string{
	"local", "localhost", "localdomain", "internal", "intranet", "lan", "corp", "home", "private", "home.arpa",
}

func (s *secrets) privateHost(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "" || s.keeps(host) {
		return false
	}
	for _, h := range s.rules.Hosts {
		if h = strings.ToLower(h); host == h || strings.HasSuffix(host, "."+h) {
			return true
		}
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsUnspecified()
	}
	if !strings.Contains(host, ".") {
		return true
	}
	return slices.ContainsFunc(domains[:], func(d string) bool { return strings.HasSuffix(host, "."+d) })
}

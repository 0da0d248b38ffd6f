package news

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/index"
)

// TestShort is what 180 characters say.
func TestShort(t *testing.T) {
	t.Parallel()
	const link = "https://advisories.example/advisory/CVE-2099-0001/"
	for _, c := range []struct{ name, advisories, want string }{
		{
			"all of it", foo("CVE-2099-0001", "Foo::Bar before 1.3 for Perl follows links", "<1.3"),
			"CVE-2099-0001 in Foo-Bar: Foo::Bar before 1.3 for Perl follows links. Affected: <1.3. Fixed in 1.3. " + link,
		},
		{
			"a title that ends in a stop", foo("CVE-2099-0001", "It follows links.", "<1.3"),
			"CVE-2099-0001 in Foo-Bar: It follows links. Affected: <1.3. Fixed in 1.3. " + link,
		},
		{
			"a title that is cut after a word", foo("CVE-2099-0001", "Foo::Bar before 1.3 for Perl follows links while it unpacks, and so on it goes", "<1.3"),
			"CVE-2099-0001 in Foo-Bar: Foo::Bar before 1.3 for Perl follows links while it unpacks, and so on… Affected: <1.3. Fixed in 1.3. " + link,
		},
		{
			"no fix", foo("CVE-2099-0001", "It follows links", ">=0.1"),
			"CVE-2099-0001 in Foo-Bar: It follows links. Affected: >=0.1. No fixed release is known. " + link,
		},
		{
			"no title", foo("CVE-2099-0001", "", "<1.3"),
			"CVE-2099-0001 in Foo-Bar. Affected: <1.3. Fixed in 1.3. " + link,
		},
		{
			"withdrawn", `[{"id": "CVE-2099-0001", "title": "It follows links", "severity": "low", "withdrawn": "2099-02-03", "withdrawn_reason": "not a vulnerability.", "affected": [{"dist": "Foo-Bar"}]}]`,
			"Withdrawn: CVE-2099-0001 in Foo-Bar: not a vulnerability. " + link,
		},
		{
			"several distributions", `[{"id": "CVE-2099-0001", "title": "It follows links", "severity": "low", "affected": [{"dist": "Acme-Demo"}, {"dist": "Foo-Bar"}, {"dist": "Foo-Baz"}]}]`,
			"CVE-2099-0001 in Acme-Demo and 2 more distributions: It follows links. " + link,
		},
		{
			"a script without blanks", foo("CVE-2099-0001", strings.Repeat("任意のコードが実行される", 9), "<1.3"),
			"CVE-2099-0001 in Foo-Bar: " + strings.Repeat("任意のコードが実行される", 6)[:3*71] + "… Affected: <1.3. Fixed in 1.3. " + link,
		},
		{
			"letters with marks", foo("CVE-2099-0001", strings.Repeat("e\u0301", 99), "<1.3"),
			"CVE-2099-0001 in Foo-Bar: " + strings.Repeat("e\u0301", 35) + "… Affected: <1.3. Fixed in 1.3. " + link,
		},
		{
			"hostile", foo("CVE-2099-0001", "a\u202eb\x07\n\nc\x1b[31m <b>", "<1.3"),
			"CVE-2099-0001 in Foo-Bar: ab c[31m <b>. Affected: <1.3. Fixed in 1.3. " + link,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := model(t, c.advisories, map[cpan.Dist][]string{"Foo-Bar": {"1.2", "1.3"}})
			got := string(files(t, m)["text/CVE-2099-0001.180.txt"])
			if got != c.want+"\n" {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestShortRoom holds that a text is as long as it may be at most, with its link
// and its id whole, however long these are.
func TestShortRoom(t *testing.T) {
	t.Parallel()
	for digits := 1; digits <= 180; digits++ {
		id := "CPANSA-" + strings.Repeat("9", digits)
		m := model(t, foo(id, strings.Repeat("word ", 60), "<1.3"), map[cpan.Dist][]string{"Foo-Bar": {"1.2", "1.3"}})
		for _, n := range []int{280, 180} {
			checkShort(t, id, n, string(files(t, m)[fmt.Sprintf("text/%s.%d.txt", id, n)]))
		}
	}
}

func TestShortAgainstRealData(t *testing.T) {
	t.Parallel()
	m := realModel(t)
	cuts := 0
	for _, a := range m.Advisories {
		made, err := texts(m, a)
		if err != nil {
			t.Fatal(err)
		}
		for i, n := range []int{280, 180} {
			checkShort(t, string(a.ID), n, string(made[i].Data))
			cuts += strings.Count(string(made[i].Data), "…")
			if !strings.HasSuffix(string(made[i].Data), " "+home(m, a)+"\n") {
				t.Errorf("%s has no link: %s", made[i].Path, made[i].Data)
			}
		}
	}
	t.Logf("%d of %d titles are cut", cuts, 2*len(m.Advisories))
}

// checkShort holds a text to what every one of them keeps.
func checkShort(t *testing.T, id string, n int, text string) {
	t.Helper()
	text, ended := strings.CutSuffix(text, "\n")
	if !ended || text == "" || strings.ContainsAny(text, "\n\t\r") || !utf8.ValidString(text) {
		t.Errorf("%s: %q is no line", id, text)
	}
	if got := utf8.RuneCountInString(text) + 1; got > n {
		t.Errorf("%s: %d characters, and %d are the most: %s", id, got, n, text)
	}
	if i := strings.Index(text, "https://"); i >= 0 && text[i:] != "https://advisories.example/advisory/"+id+"/" {
		t.Errorf("%s: the link is %s", id, text[i:])
	}
	if !strings.Contains(text, id) && text != tooLong {
		t.Errorf("%s is not named: %s", id, text)
	}
}

// FuzzShort holds that a text is one line within its length whatever a source
// writes, and that its link is whole.
func FuzzShort(f *testing.F) {
	f.Add("CVE-2099-0001", "Foo::Bar before 1.3 for Perl follows links", "<1.3", 180)
	f.Add("CVE-2099-0001", strings.Repeat("e\u0301", 200), ">=1.0,<1.3", 280)
	f.Add(strings.Repeat("x", 200), "\x00\u202e\n]]>\xff", "\u2028", 90)
	f.Add("CVE-2099-0001", strings.Repeat("任意", 99)+". …", strings.Repeat("<1|", 90), 150)
	f.Fuzz(func(t *testing.T, id, title, affected string, n int) {
		if n < len(tooLong) || n > 1000 || !utf8.ValidString(id) || strings.ContainsFunc(id, func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }) {
			t.Skip()
		}
		m := &index.Model{Site: index.DefaultSite()}
		a := &index.Advisory{Record: &advisory.Record{ID: advisory.ID(id), Title: title}}
		a.Dists = []*index.Affected{{Affected: &advisory.Affected{}, Advisory: a, Dist: &index.Dist{Name: "Foo-Bar"}, Range: affected}}
		text := short(m, a, n)
		if got := utf8.RuneCountInString(text); got > n || text == "" {
			t.Errorf("%d characters of %d: %q", got, n, text)
		}
		if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool {
			return unicode.IsControl(r) || strings.ContainsRune("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", r)
		}) {
			t.Errorf("%q", text)
		}
		if link := home(m, a); strings.Contains(text, m.Site.URL) && !strings.HasSuffix(text, link) && !strings.Contains(plain(title)+" "+plain(affected)+" "+id, m.Site.URL) {
			t.Errorf("%q does not end in %s", text, link)
		}
	})
}

package indexbuild

import (
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nacre/index/all"
	"nacre/index/manifest"
	"nacre/index/record"
)

// feed is the built JSON of CPANSA of a day in January 2099, with a number of
// distributions.
func feed(day, dists int) string {
	var entries []string
	for n := range dists {
		entries = append(entries, fmt.Sprintf(`"Foo-%c":{"main_module":"Foo","versions":[{"date":"2098-01-02","version":"1.1"},{"date":"2098-02-02","version":"1.2"}],
"advisories":[{"id":"CPANSA-Foo-2099-%02d","cves":["CVE-2099-%04d"],"affected_versions":["<1.2"],"reported":"2099-01-01","description":"It follows links."}]}`, 'A'+n, n, n))
	}
	epoch := time.Date(2099, 1, day, 0, 0, 0, 0, time.UTC).Unix()
	return fmt.Sprintf(`{"meta":{"commit":"%040d","epoch":%d},"module2dist":{},"dists":{%s}}`, day, epoch, strings.Join(entries, ","))
}

// answer serves a text with a status.
func answer(status int, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}
}

// stated says how long a text is, in another length than it has.
func stated(length int, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(length))
		_, _ = io.WriteString(w, text)
	}
}

// endless serves blanks until nobody wants more of them.
func endless(w http.ResponseWriter, _ *http.Request) {
	blanks := []byte(strings.Repeat(" ", 64<<10))
	for {
		if _, err := w.Write(blanks); err != nil {
			return
		}
	}
}

// cutOff ends the connection without a word.
func cutOff(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// served is an index of one address, in all its real forms.
type served struct {
	*testing.T
	b     *Builder
	serve http.HandlerFunc
	kept  []string // of the last build
}

func newServed(t *testing.T) *served {
	t.Helper()
	s := &served{T: t, serve: answer(http.StatusOK, feed(2, 4))}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.serve(w, r) }))
	t.Cleanup(web.Close)
	dir := t.TempDir()
	s.b = &Builder{
		Site: siteOfTests, Generator: "nacred test", Formats: all.Formats(), Health: all.Health,
		Sources: []string{web.URL + "/feed.json"}, Out: filepath.Join(dir, "site"), Work: filepath.Join(dir, "work"),
		Program: []byte("this program"), MaxLoss: 0.3, MaxFetch: 1 << 20, Transport: web.Client().Transport,
	}
	return s
}

// build builds on a day, and gives why it was refused, and all files.
func (s *served) build(day int) (refused string, files map[string]string) {
	s.Helper()
	s.b.Now = clock(day)
	r, err := s.b.Build(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	s.kept = r.Kept
	wholeIndex(s.T, s.b.Out)
	return r.Refused, tree(s.T, s.b.Out)
}

// loseWork takes away what was noted: many jobs begin with nothing but the index.
func (s *served) loseWork() {
	s.Helper()
	if err := os.RemoveAll(s.b.Work); err != nil {
		s.Fatal(err)
	}
}

// renewed are the files of an index that a refused build renews.
var renewed = []string{"health.json", "health/index.html", stateName, manifest.ListName, manifest.SealName, manifest.HeadName}

// A source goes wrong for two days. Where its last good copy is lost, or where what
// it serves may not be taken, every file of the index stays, to the byte, but those
// that say how things stand. Else that copy is used. In both cases the page of health
// says what is wrong and since when. What is good afterwards is taken, and nothing is
// said any longer.
func TestFaults(t *testing.T) {
	good := feed(2, 4)
	for _, c := range []struct {
		name  string
		serve http.HandlerFunc
		tells string
	}{
		{"half a file", stated(len(good), good[:len(good)/2]), "unexpected EOF"},
		{"half a file that is called whole", answer(http.StatusOK, good[:len(good)/2]), "unexpected EOF"},
		{"a web page", answer(http.StatusOK, "<!DOCTYPE html><title>Sign in</title>"), "the answer is a web page"},
		{"a gigabyte", stated(1<<30, " "), "limit: size of a source"},
		{"no end", endless, "limit: size of a source"},
		{"yesterday's", answer(http.StatusOK, feed(1, 9)), "it went back from data of 2099-01-02T00:00:00Z to data of 2099-01-01T00:00:00Z"},
		{"fewer advisories", answer(http.StatusOK, feed(3, 2)), "2 of 4 advisories would be gone, 50 %; at most 30 % may"},
		{"no advisories", answer(http.StatusOK, feed(3, 0)), "4 of 4 advisories would be gone"},
		{"a server that is busy", answer(http.StatusServiceUnavailable, "{}"), "the server answers 503"},
		{"a connection that ends", cutOff, "EOF"},
	} {
		for _, lost := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/work lost %v", c.name, lost), func(t *testing.T) {
				t.Parallel() // a build waits for the disk
				s := newServed(t)
				_, before := s.build(4)
				s.serve = c.serve
				for day := 5; day <= 6; day++ {
					if lost {
						s.loseWork()
					}
					refused, now := s.build(day)
					source := !strings.Contains(c.name, "advisories")
					if source && !lost {
						s.goesOn(before, now, c.tells)
						continue
					}
					if !strings.Contains(refused, c.tells) {
						t.Fatalf("day %d: refused since %q, want %q", day, refused, c.tells)
					}
					s.stays(before, now)
					s.tells(now, refused, day, source)
				}
				s.serve = answer(http.StatusOK, feed(7, 5))
				refused, now := s.build(7)
				if refused != "" || len(s.kept) > 0 || now["advisory/CVE-2099-0004.json"] == "" || strings.Contains(now["health/index.html"], "not replaced") {
					t.Errorf("a good build was refused: %q, %q", refused, s.kept)
				}
				if h := healthOf(t, now); h.Kept != "" || h.Sources[0].Problem != "" || !h.Sources[0].Since.IsZero() || h.Sources[0].Kept || !h.Sources[0].KeptOf.IsZero() {
					t.Errorf("what went wrong is still told: %+v", h)
				}
			})
		}
	}
}

// goesOn holds an index to being made of the last good copy, which is of day 4, and
// to saying so.
func (s *served) goesOn(before, now map[string]string, why string) {
	s.Helper()
	if len(s.kept) != 1 || !strings.Contains(s.kept[0], "/feed.json could not be used, and its copy of 2099-01-04 was: ") || !strings.Contains(s.kept[0], why) {
		s.Errorf("the build tells of copies %q", s.kept)
	}
	for path, text := range before {
		if strings.HasPrefix(path, "osv/") && now[path] != text {
			s.Errorf("%s is another one", path)
		}
	}
	page := now["health/index.html"]
	for _, want := range []string{html.EscapeString(why), "since 2099-01-05", "The copy of 2099-01-04 is used."} {
		if !strings.Contains(page, want) {
			s.Errorf("the page does not say %q", want)
		}
	}
	h := healthOf(s.T, now)
	if h.Kept != "" || h.Counts.Advisories != 4 || len(h.Sources) != 1 {
		s.Fatalf("the document says %+v", h)
	}
	of := h.Sources[0]
	if !strings.Contains(of.Problem, why) || !of.Kept || of.KeptOf.String() != "2099-01-04" || of.Since.String() != "2099-01-05" || of.Entries != 4 {
		s.Errorf("the document says of the source %+v", of)
	}
	if strings.Contains(page, filepath.Dir(s.b.Out)) || strings.Contains(now["health.json"], filepath.Dir(s.b.Out)) {
		s.Error("a folder of this machine is told")
	}
}

// stays holds an index to being what it was.
func (s *served) stays(before, now map[string]string) {
	s.Helper()
	for path, text := range before {
		if plain := strings.TrimSuffix(path, ".gz"); slices.Contains(renewed, plain) {
			if path != manifest.HeadName && now[path] == text {
				s.Errorf("%s is as before", path)
			}
			continue
		}
		if now[path] != text {
			s.Errorf("%s is another one", path)
		}
	}
	for path := range now {
		if _, ok := before[path]; !ok {
			s.Errorf("%s is new", path)
		}
	}
	var was, is manifest.Manifest
	for text, list := range map[string]*manifest.Manifest{before[manifest.ListName]: &was, now[manifest.ListName]: &is} {
		if err := json.Unmarshal([]byte(text), list); err != nil {
			s.Fatal(err)
		}
	}
	is.Counts.Bytes, is.Sequence = was.Counts.Bytes, was.Sequence
	was.Files, is.Files = nil, nil
	if d := cmp.Diff(was, is); d != "" {
		s.Errorf("the list says of the index: %s", d)
	}
}

// tells holds the page and the document of health to telling what is wrong: of the
// source since day 5, where it is the source.
func (s *served) tells(now map[string]string, refused string, day int, source bool) {
	s.Helper()
	page := now["health/index.html"]
	wants := []string{html.EscapeString(refused), "that of the build of 2099-01-04", fmt.Sprintf("tells of the build of 2099-01-%02d", day)}
	if source {
		wants = append(wants, "since 2099-01-05")
	}
	for _, want := range wants {
		if !strings.Contains(page, want) {
			s.Errorf("day %d: the page does not say %q", day, want)
		}
	}
	h := healthOf(s.T, now)
	if h.Kept != refused || h.KeptOf.String() != "2099-01-04" || h.Day.String() != fmt.Sprintf("2099-01-%02d", day) || h.Counts.Advisories != 4 {
		s.Errorf("day %d: the document says %+v", day, h)
	}
	if len(h.Sources) != 1 {
		s.Fatalf("day %d: %d sources", day, len(h.Sources))
	}
	of := h.Sources[0]
	if source != (of.Problem != "") || source && (of.Since.String() != "2099-01-05" || of.Entries != 4 || of.Time.Day() != 2) {
		s.Errorf("day %d: the document says of the source %+v", day, of)
	}
	if strings.Contains(page, filepath.Dir(s.b.Out)) || strings.Contains(now["health.json"], filepath.Dir(s.b.Out)) {
		s.Error("a folder of this machine is told")
	}
}

func healthOf(t *testing.T, files map[string]string) record.Health {
	t.Helper()
	var h record.Health
	if err := json.Unmarshal([]byte(files["health.json"]), &h); err != nil {
		t.Fatal(err)
	}
	return h
}

// An old copy after a day without any is still an old copy, also where nothing is
// noted but in the index.
func TestOldAfterFault(t *testing.T) {
	s := newServed(t)
	s.build(4)
	s.serve = answer(http.StatusServiceUnavailable, "")
	s.loseWork()
	s.build(5)
	s.serve = answer(http.StatusOK, feed(1, 4))
	s.loseWork()
	if refused, _ := s.build(6); !strings.Contains(refused, "went back") {
		t.Errorf("refused since %q", refused)
	}
	s.b.AcceptOlder = true
	if refused, _ := s.build(6); refused != "" {
		t.Errorf("what is wanted is refused: %s", refused)
	}
}

// Of two sources one fails. What the other says anew is taken where the last good
// copy of the first one is there, and waits where it is not.
func TestOneOfTwo(t *testing.T) {
	for _, lost := range []bool{false, true} {
		t.Run(fmt.Sprintf("work lost %v", lost), func(t *testing.T) {
			t.Parallel()
			s := newServed(t)
			dir := filepath.Join(t.TempDir(), "reports")
			w := &world{T: t, source: dir}
			w.report("Bar", "<1.2", "2099-01-02")
			s.b.Sources = append(s.b.Sources, dir)
			_, before := s.build(4)
			w.report("Bar", "<1.3", "2099-01-03")
			s.serve = cutOff
			if lost {
				s.loseWork()
			}
			refused, now := s.build(5)
			if lost != strings.Contains(refused, "/feed.json could not be used") {
				t.Errorf("refused since %q", refused)
			}
			if lost {
				s.stays(before, now)
			} else if !strings.Contains(now["advisory/CPANSA-Bar-2099-01.json"], "<1.3") || now["osv/CVE-2099-0001.json"] != before["osv/CVE-2099-0001.json"] {
				t.Error("what the other one says is not taken, or the copy is not used")
			}
			h := healthOf(t, now)
			if len(h.Sources) != 2 || h.Sources[0].Problem == "" || h.Sources[0].Kept == lost || h.Sources[1].Problem != "" {
				t.Errorf("%+v", h.Sources)
			}
			s.serve = answer(http.StatusOK, feed(2, 4))
			if refused, now = s.build(6); refused != "" || !strings.Contains(now["advisory/CPANSA-Bar-2099-01.json"], "<1.3") {
				t.Errorf("it is not taken: %q", refused)
			}
		})
	}
}

// A copy that is older than what the index is made of is not used: the folder of
// copies came out of a cache of last week.
func TestOldWork(t *testing.T) {
	s := newServed(t)
	old := filepath.Join(t.TempDir(), "work")
	s.build(4)
	if err := os.CopyFS(old, os.DirFS(s.b.Work)); err != nil {
		t.Fatal(err)
	}
	s.serve = answer(http.StatusOK, feed(3, 4))
	_, before := s.build(5)
	s.loseWork()
	if err := os.Rename(old, s.b.Work); err != nil {
		t.Fatal(err)
	}
	s.serve = cutOff
	refused, now := s.build(6)
	if !strings.Contains(refused, "/feed.json could not be used") || len(s.kept) > 0 {
		t.Errorf("refused since %q, copies %q", refused, s.kept)
	}
	s.stays(before, now)
}

// A refused build and the one that lets it in are two: no reader takes the one for
// the other by its number.
func TestLetIn(t *testing.T) {
	s := newServed(t)
	s.build(4)
	s.serve = answer(http.StatusOK, feed(3, 2))
	seen := []uint64{1}
	for _, loss := range []float64{0.3, 0.3, 1} {
		s.b.MaxLoss = loss
		s.b.Now = clock(5)
		r, err := s.b.Build(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if (r.Refused == "") != (loss == 1) {
			t.Errorf("refused since %q", r.Refused)
		}
		if slices.Contains(seen, r.Manifest.Sequence) {
			t.Errorf("sequence %d comes twice", r.Manifest.Sequence)
		}
		seen = append(seen, r.Manifest.Sequence)
	}
}

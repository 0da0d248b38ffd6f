package dbupdate

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"nacre/advisory"
	"nacre/fault"
	"nacre/index/manifest"
	"nacre/internal/files"
)

func TestIndexUpdates(t *testing.T) {
	i := newIndex(t)
	first := i.publish(1, nil)
	r := i.update()
	i.holds(first)
	if !r.Changed || r.Sequence != 1 || r.Signer != "advisories.example" || r.Info.Records != 1 || len(r.Warnings) > 0 {
		t.Errorf("first update: %+v", r)
	}
	i.asked()

	r = i.update()
	i.holds(first)
	note := tag(i.files["/index"])
	if got := i.asked(); r.Changed || len(got) != 1 || got[0] != "/index If-None-Match="+strings.Trim(note, `"`) {
		t.Errorf("second update: %+v, asked %q", r, got)
	}

	second := i.publish(7, nil)
	if r = i.update(); !r.Changed || r.Sequence != 7 {
		t.Errorf("third update: %+v", r)
	}
	i.holds(second)
}

// A database that is missing or damaged is fetched again, though nothing new
// is published.
func TestIndexRepairs(t *testing.T) {
	i := newIndex(t)
	content := i.publish(1, nil)
	i.update()
	if err := os.WriteFile(i.File, []byte("damaged"), 0o644); err != nil {
		t.Fatal(err)
	}
	i.update()
	i.holds(content)
	if err := os.Remove(i.File); err != nil {
		t.Fatal(err)
	}
	i.update()
	i.holds(content)
}

func TestIndexLiesInItsNote(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*manifest.Head)
		kind   fault.Kind
		want   string
	}{
		{"rollback", func(h *manifest.Head) { h.Sequence = 4 }, fault.Denied, "went back from sequence 5 to 4 (a rollback)"},
		{"two files of one sequence", func(h *manifest.Head) { h.Sequence = 5 }, fault.Denied, "two databases of sequence 5"},
		{"made in the future", func(h *manifest.Head) { h.Built = today.AddDate(0, 0, 3) }, fault.Denied, "made on 2099-03-04, and today is 2099-03-01"},
		{"another time than the file's", func(h *manifest.Head) { h.Built = h.Built.Add(time.Second) }, fault.Denied, "its index says"},
		{"size too small", func(h *manifest.Head) { h.Size-- }, fault.Unavailable, "bytes, the index"},
		{"size too large", func(h *manifest.Head) { h.Size++ }, fault.Unavailable, "bytes, the index"},
		{"negative size", func(h *manifest.Head) { h.Size = -1 }, fault.Unavailable, "not a number"},
		{"size of everything", func(h *manifest.Head) { h.Size = manifest.MaxDatabase + 1 }, fault.Unavailable, "limit: number in the index note"},
		{"another digest", func(h *manifest.Head) { h.SHA256 = sum([]byte("x")) }, fault.Denied, "digest of the file is not the one in the index"},
		{"no such file", func(h *manifest.Head) { h.File = "other.db" }, fault.Unavailable, "404 Not Found"},
		{"a file elsewhere", func(h *manifest.Head) { h.File = "../other.db" }, fault.Unavailable, "below the note"},
		{"an extra line", func(h *manifest.Head) { h.File += "\nsize 12" }, fault.Unavailable, "is \"size 12\", not next-key"},
		{"a huge note", func(h *manifest.Head) { h.File += strings.Repeat("x", manifest.MaxNote) }, fault.Unavailable, "limit: index note size"},
		{"a next key of another name", func(h *manifest.Head) { h.NextKey = newPublisher(t, "other.example").key }, fault.Unavailable, "another name"},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := newIndex(t)
			i.publish(5, nil)
			i.update()
			i.publish(6, c.change)
			i.T = t
			i.refused(c.kind, c.want)
			good := i.publish(8, nil)
			i.update()
			i.holds(good)
		})
	}
}

func TestIndexSignatures(t *testing.T) {
	other := newPublisher(t, "advisories.example")
	for _, c := range []struct {
		name string
		text func(i *index) []byte
		kind fault.Kind
		want string
	}{
		{"another key of the name", func(i *index) []byte { return sign(t, i.head(6, nil).Text(), other) }, fault.Denied, "none of the keys"},
		{"a text that was changed", func(i *index) []byte {
			h := i.head(6, []byte("x"))
			return []byte(strings.Replace(string(sign(t, h.Text(), i.by)), "sequence 6", "sequence 7", 1))
		}, fault.Denied, "not what was signed"},
		{"a signature of another note", func(i *index) []byte {
			_, signature, _ := strings.Cut(string(sign(t, "x\n", i.by)), "\n\n")
			return []byte(i.head(6, []byte("x")).Text() + "\n" + signature)
		}, fault.Denied, "not what was signed"},
		{"no signature", func(i *index) []byte { return []byte(i.head(6, []byte("x")).Text()) }, fault.Unavailable, "no signed note"},
		{"a page", func(*index) []byte { return []byte("<html>hello</html>\n") }, fault.Unavailable, "no signed note"},
		{"bytes", func(*index) []byte { return []byte{0, 1, 2, 0xff} }, fault.Unavailable, "no signed note"},
		{"something else that was signed", func(i *index) []byte { return sign(t, "go.sum database tree\n5\n", i.by) }, fault.Unavailable, "not nacre-index/1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := newIndex(t)
			i.publish(5, nil)
			i.update()
			i.files["/index"] = c.text(i)
			i.T = t
			i.refused(c.kind, c.want)
			if r := i.asked(); strings.Contains(fmt.Sprint(r[2:]), "nacre-6.db") {
				t.Errorf("the file of a note that is not trusted was fetched: %q", r)
			}
		})
	}
}

func TestIndexFreeze(t *testing.T) {
	i := newIndex(t)
	content := i.publish(1, nil)
	i.update()
	i.Now = func() time.Time { return today.AddDate(0, 0, 10) }
	for _, what := range []string{"an answer that nothing has changed", "an old note again"} {
		r := i.update()
		if len(r.Warnings) != 1 || !strings.Contains(r.Warnings[0], "has expired on 2099-03-08, 3 days ago") {
			t.Errorf("%s: warnings %q", what, r.Warnings)
		}
		i.holds(content)
		i.lies(func(_ http.ResponseWriter, r *http.Request) bool {
			r.Header.Del("If-None-Match")
			return false
		})
	}
}

func TestIndexRotation(t *testing.T) {
	i := newIndex(t)
	old, next, third := i.by, newPublisher(t, "advisories.example"), newPublisher(t, "advisories.example")
	put := func(sequence uint64, nextKey string, by ...publisher) []byte {
		content := database(t, today, 500)
		h := i.head(sequence, content)
		h.NextKey = nextKey
		i.put(h.Text(), "/"+h.File, content, by...)
		return content
	}
	put(1, "", old)
	i.update()

	put(2, third.key, third) // an unknown key that names itself
	i.refused(fault.Denied, "none of the keys")

	put(2, next.key, old)
	i.update()
	put(3, "", old) // the new key has not signed yet
	i.update()
	put(4, third.key, next)
	i.update()
	put(5, "", old)
	i.refused(fault.Denied, "none of the keys")
	put(5, old.key, third) // an old key does not come back
	i.update()
	put(6, "", old)
	i.refused(fault.Denied, "none of the keys")
	put(6, "", next)
	i.refused(fault.Denied, "none of the keys")
	content := put(6, "", next, third)
	i.update()
	i.holds(content)
}

func TestIndexRefusesDatabases(t *testing.T) {
	good := database(t, today, 2000)
	flipped := slices.Clone(good)
	flipped[len(flipped)-20] ^= 1
	for _, c := range []struct {
		name    string
		content []byte
		want    string
	}{
		{"something else", []byte("not a database"), "not a Nacre database"},
		{"a flipped bit", flipped, "damaged"},
		{"cut off", good[:len(good)-1], "check the new database"},
		{"empty", databaseOf(t, advisory.Set{}, today), "no advisory"},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := newIndex(t)
			i.publish(5, nil)
			i.update()
			h := i.head(6, c.content)
			i.put(h.Text(), "/"+h.File, c.content)
			i.T = t
			want := c.want
			if want == "damaged" {
				want = "check the new database"
			}
			i.refused(fault.Unavailable, want)
		})
	}
}

// TestIndexServerLies: the note is good, and the server's answer to the request
// for the file is not.
func TestIndexServerLies(t *testing.T) {
	elsewhere := httptest.NewServer(http.NotFoundHandler())
	defer elsewhere.Close()
	for _, c := range []struct {
		name  string
		lie   func(w http.ResponseWriter, r *http.Request, content []byte)
		kind  fault.Kind
		want  string
		parts []string
	}{
		{"other bytes", func(w http.ResponseWriter, _ *http.Request, b []byte) {
			w.Write(make([]byte, len(b)))
		}, fault.Denied, "digest of the file", nil},
		{"a part of the bytes", func(w http.ResponseWriter, _ *http.Request, b []byte) {
			w.Write(b[:100])
		}, fault.Unavailable, "the server states 100 bytes", nil},
		{"an end too early", func(w http.ResponseWriter, _ *http.Request, b []byte) {
			w.Header().Set("Content-Length", fmt.Sprint(len(b)))
			w.Write(b[:100])
		}, fault.Unavailable, "unexpected EOF", nil},
		{"an end too early, with a tag", func(w http.ResponseWriter, _ *http.Request, b []byte) {
			w.Header().Set("ETag", tag(b))
			w.Header().Set("Content-Length", fmt.Sprint(len(b)))
			w.Write(b[:100])
		}, fault.Unavailable, "unexpected EOF", resumable},
		{"an end too early, with a weak tag", func(w http.ResponseWriter, _ *http.Request, b []byte) {
			w.Header().Set("ETag", "W/"+tag(b))
			w.Header().Set("Content-Length", fmt.Sprint(len(b)))
			w.Write(b[:100])
		}, fault.Unavailable, "unexpected EOF", nil},
		{"an end too early, as if it were one", func(w http.ResponseWriter, _ *http.Request, b []byte) {
			w.(http.Flusher).Flush()
			w.Write(b[:100])
		}, fault.Unavailable, "ends after 100 of", nil},
		{"no end", func(w http.ResponseWriter, r *http.Request, _ []byte) {
			w.Header().Set("ETag", `"endless"`)
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					return
				}
			}
		}, fault.Unavailable, "limit: size in the index note", nil},
		{"a size without end", func(w http.ResponseWriter, _ *http.Request, _ []byte) {
			w.Header().Set("Content-Length", "9000000000000000000")
			w.WriteHeader(200)
		}, fault.Unavailable, "states 9000000000000000000 bytes", nil},
		{"nothing", func(http.ResponseWriter, *http.Request, []byte) {}, fault.Unavailable, "ends after 0 of", nil},
		{"silence", func(w http.ResponseWriter, r *http.Request, _ []byte) {
			<-r.Context().Done()
		}, fault.Unavailable, "limit: idle time", nil},
		{"silence after a byte", func(w http.ResponseWriter, r *http.Request, b []byte) {
			w.Header().Set("ETag", tag(b))
			w.Write(b[:1])
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, fault.Unavailable, "limit: idle time", resumable},
		{"drops", func(w http.ResponseWriter, r *http.Request, b []byte) {
			for n := 0; n < len(b) && r.Context().Err() == nil; n++ {
				w.Write(b[n : n+1])
				w.(http.Flusher).Flush()
				time.Sleep(time.Millisecond)
			}
		}, fault.Unavailable, "limit: time of an update", nil},
		{"a part that nobody asked for", func(w http.ResponseWriter, _ *http.Request, b []byte) {
			w.Header().Set("Content-Range", fmt.Sprintf("bytes 0-%d/%d", len(b)-1, len(b)))
			w.WriteHeader(http.StatusPartialContent)
			w.Write(b)
		}, fault.Unavailable, "206 Partial Content", nil},
		{"unchanged, though nothing is there", func(w http.ResponseWriter, _ *http.Request, _ []byte) {
			w.WriteHeader(http.StatusNotModified)
		}, fault.Unavailable, "304 Not Modified", nil},
		{"circles", func(w http.ResponseWriter, r *http.Request, _ []byte) {
			http.Redirect(w, r, r.URL.Path, http.StatusFound)
		}, fault.Unavailable, "limit: redirects", nil},
		{"the open road", func(w http.ResponseWriter, r *http.Request, _ []byte) {
			http.Redirect(w, r, "http://advisories.example/nacre.db", http.StatusFound)
		}, fault.Denied, "is not https", nil},
		{"a file of this machine", func(w http.ResponseWriter, r *http.Request, _ []byte) {
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		}, fault.Denied, "is not https", nil},
		{"a redirect that leads nowhere", func(w http.ResponseWriter, _ *http.Request, _ []byte) {
			w.WriteHeader(http.StatusFound)
		}, fault.Unavailable, "fetch ", nil},
		{"another server that has nothing", func(w http.ResponseWriter, r *http.Request, _ []byte) {
			http.Redirect(w, r, elsewhere.URL, http.StatusFound)
		}, fault.Unavailable, "404 Not Found", nil},
		{"a bomb", func(w http.ResponseWriter, _ *http.Request, b []byte) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(b)
		}, fault.Unavailable, "packed as \"gzip\"", nil},
		{"a login page", func(w http.ResponseWriter, _ *http.Request, _ []byte) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Write([]byte("<html><form>"))
		}, fault.Unavailable, "the answer is a web page", nil},
		{"a header without end", func(w http.ResponseWriter, _ *http.Request, _ []byte) {
			for n := range 200 {
				w.Header().Set(fmt.Sprintf("X-%d", n), strings.Repeat("x", 1000))
			}
		}, fault.Unavailable, "server response headers exceeded", nil},
		{"a broken answer", func(w http.ResponseWriter, _ *http.Request, _ []byte) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				panic(err)
			}
			conn.Write([]byte("SSH-2.0-hello\r\n"))
			conn.Close()
		}, fault.Unavailable, "malformed HTTP", nil},
		{"a failure", func(w http.ResponseWriter, _ *http.Request, _ []byte) {
			w.WriteHeader(http.StatusInternalServerError)
		}, fault.Unavailable, "500 Internal Server Error", nil},
		{"a closed door", func(w http.ResponseWriter, _ *http.Request, _ []byte) {
			w.WriteHeader(http.StatusUnauthorized)
		}, fault.Unavailable, "401 Unauthorized", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := newIndex(t)
			i.publish(5, nil)
			i.update()
			content := i.publish(6, nil)
			i.T = t
			i.Idle = 300 * time.Millisecond
			if c.name == "drops" {
				i.Idle, i.Total = time.Minute, 300*time.Millisecond
			}
			i.lies(func(w http.ResponseWriter, r *http.Request) bool {
				if r.URL.Path == "/nacre-6.db" {
					i.mu.Unlock()
					defer i.mu.Lock()
					c.lie(w, r, content)
					return true
				}
				return false
			})
			i.refused(c.kind, c.want, c.parts...)
			i.lies(nil)
			i.Idle, i.Total = 0, 0
			i.update()
			i.holds(content)
			if left := i.folder(); len(left) != 2 {
				t.Errorf("left behind: %d files", len(left))
			}
		})
	}
}

// An address of the outside world that leads to this machine is a step down.
func TestRedirectFromTLS(t *testing.T) {
	i := newIndex(t)
	content := i.publish(1, nil)
	down := false
	safe := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if down {
			http.Redirect(w, r, i.url(r.URL.Path), http.StatusFound)
			return
		}
		i.serve(w, r)
	}))
	defer safe.Close()
	i.Transport = safe.Client().Transport
	i.Sources[0].URL = safe.URL + "/index"
	i.update()
	i.holds(content)
	down = true
	i.refused(fault.Denied, "redirect from https to http://127.0.0.1")
}

// Without the certificate of its operator a server is not spoken to.
func TestUnknownCertificate(t *testing.T) {
	i := newIndex(t)
	i.publish(1, nil)
	safe := httptest.NewUnstartedServer(http.HandlerFunc(i.serve))
	safe.Config.ErrorLog = log.New(io.Discard, "", 0)
	safe.StartTLS()
	defer safe.Close()
	i.Sources[0].URL = safe.URL + "/index"
	i.refused(fault.Unavailable, "certificate")
}

func TestInterruptKeepsThePart(t *testing.T) {
	i := newIndex(t)
	i.publish(1, nil)
	i.update()
	content := i.publish(2, nil)
	ctx, stop := context.WithCancel(context.Background())
	i.lies(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/nacre-2.db" {
			return false
		}
		w.Header().Set("ETag", tag(content))
		w.Header().Set("Content-Length", fmt.Sprint(len(content)))
		w.Write(content[:700])
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		return true
	})
	i.Progress = func(done, _ int64) {
		if done == 700 {
			stop()
		}
	}
	old := i.folder()["nacre.db"]
	if _, err := i.Update(ctx); fault.KindOf(err) != fault.Canceled {
		t.Errorf("an interrupt gives %v", err)
	}
	if now := i.folder(); now["nacre.db"] != old || len(now["nacre.db.part"]) != 700 {
		t.Errorf("after an interrupt: %d bytes of a part", len(now["nacre.db.part"]))
	}
	i.lies(nil)
	i.Progress = nil
	i.asked()
	i.update()
	i.holds(content)
	want := "/nacre-2.db Range=bytes=700- If-Range=" + strings.Trim(tag(content), `"`)
	if got := i.asked(); !slices.Contains(got, want) {
		t.Errorf("asked %q, not %q", got, want)
	}
}

// TestResume: a part of 700 bytes is there, and the server answers the request
// for the rest.
func TestResume(t *testing.T) {
	partOf := func(w http.ResponseWriter, etag, contentRange string, b []byte) {
		w.Header().Set("ETag", etag)
		w.Header().Set("Content-Range", contentRange)
		w.WriteHeader(http.StatusPartialContent)
		w.Write(b)
	}
	const other = "does not send the part"
	for _, c := range []struct {
		name string
		lie  func(w http.ResponseWriter, b []byte, whole string)
		kind fault.Kind // 0: the update succeeds
		want string
	}{
		{"honestly", nil, 0, ""},
		{"with the whole", func(w http.ResponseWriter, b []byte, _ string) {
			w.Header().Set("ETag", tag(b))
			w.Write(b)
		}, 0, ""},
		{"with the whole of something else", func(w http.ResponseWriter, b []byte, _ string) {
			w.Header().Set("ETag", `"new"`)
			w.Write(make([]byte, len(b)))
		}, fault.Denied, "digest of the file"},
		{"with the first part again", func(w http.ResponseWriter, b []byte, whole string) {
			partOf(w, tag(b), "bytes 0-"+whole, b)
		}, fault.Unavailable, other},
		{"with a later part", func(w http.ResponseWriter, b []byte, whole string) {
			partOf(w, tag(b), "bytes 701-"+whole, b[701:])
		}, fault.Unavailable, other},
		{"with less than the rest", func(w http.ResponseWriter, b []byte, _ string) {
			partOf(w, tag(b), fmt.Sprintf("bytes 700-800/%d", len(b)), b[700:801])
		}, fault.Unavailable, other},
		{"with a part of another whole", func(w http.ResponseWriter, b []byte, _ string) {
			partOf(w, tag(b), fmt.Sprintf("bytes 700-%d/%d", len(b), len(b)+1), make([]byte, len(b)-699))
		}, fault.Unavailable, other},
		{"with a part of an unknown whole", func(w http.ResponseWriter, b []byte, _ string) {
			partOf(w, tag(b), fmt.Sprintf("bytes 700-%d/*", len(b)-1), b[700:])
		}, fault.Unavailable, other},
		{"without saying where", func(w http.ResponseWriter, b []byte, _ string) {
			w.WriteHeader(http.StatusPartialContent)
			w.Write(b[700:])
		}, fault.Unavailable, other},
		{"with a part of a newer file", func(w http.ResponseWriter, b []byte, whole string) {
			partOf(w, `"new"`, "bytes 700-"+whole, b[700:])
		}, fault.Unavailable, other},
		{"with another number of bytes than stated", func(w http.ResponseWriter, b []byte, whole string) {
			partOf(w, tag(b), "bytes 700-"+whole, b[690:])
		}, fault.Unavailable, other},
		{"with other bytes", func(w http.ResponseWriter, b []byte, whole string) {
			partOf(w, tag(b), "bytes 700-"+whole, make([]byte, len(b)-700))
		}, fault.Denied, "digest of the file"},
		{"with more than one part", func(w http.ResponseWriter, b []byte, _ string) {
			w.Header().Set("Content-Type", "multipart/byteranges; boundary=x")
			partOf(w, tag(b), "", b)
		}, fault.Unavailable, other},
		{"that there is no such part", func(w http.ResponseWriter, b []byte, _ string) {
			w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
		}, fault.Unavailable, other},
		{"that nothing has changed", func(w http.ResponseWriter, b []byte, _ string) {
			w.WriteHeader(http.StatusNotModified)
		}, fault.Unavailable, "304 Not Modified"},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := newIndex(t)
			i.publish(1, nil)
			i.update()
			content := i.publish(2, nil)
			whole := fmt.Sprintf("%d/%d", len(content)-1, len(content))
			i.lies(func(w http.ResponseWriter, r *http.Request) bool {
				if r.URL.Path == "/nacre-2.db" {
					w.Header().Set("ETag", tag(content))
					w.Header().Set("Content-Length", fmt.Sprint(len(content)))
					w.Write(content[:700])
				}
				return r.URL.Path == "/nacre-2.db"
			})
			i.refused(fault.Unavailable, "unexpected EOF", resumable...)
			i.lies(func(w http.ResponseWriter, r *http.Request) bool {
				if r.URL.Path != "/nacre-2.db" || c.lie == nil {
					return false
				}
				if r.Header.Get("Range") != "bytes=700-" {
					t.Errorf("asked for %q", r.Header.Get("Range"))
				}
				c.lie(w, content, whole)
				return true
			})
			if c.kind != 0 {
				i.refused(c.kind, c.want)
				i.lies(nil)
			}
			i.update()
			i.holds(content)
			if left := i.folder(); len(left) != 2 {
				t.Errorf("left behind: %d files", len(left))
			}
		})
	}
}

// A part of something else, or what nobody can say what it is of, is not gone
// on with.
func TestForeignPart(t *testing.T) {
	for _, c := range []struct{ name, about string }{
		{"another address", `{"url":"http://127.0.0.1/x","etag":"\"a\""}`},
		{"a weak tag", `{"url":"URL","etag":"W/\"a\""}`},
		{"no tag", `{"url":"URL"}`},
		{"a tag that no header has", `{"url":"URL","etag":"\"a\nb\""}`},
		{"no JSON", `{`},
		{"larger than the whole", `{"url":"URL","etag":"\"a\"","total":3}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := newIndex(t)
			content := i.publish(1, nil)
			about := strings.Replace(c.about, "URL", i.url("/nacre-1.db"), 1)
			for name, text := range map[string]string{".part": "abcdef", ".part.json": about} {
				if err := os.WriteFile(i.File+name, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			i.update()
			i.holds(content)
			if got := i.asked(); got[len(got)-1] != "/nacre-1.db" {
				t.Errorf("asked %q", got)
			}
		})
	}
}

func TestLock(t *testing.T) {
	i := newIndex(t)
	content := i.publish(1, nil)
	i.update()
	unlock, err := files.Lock(i.File + ".lock")
	if err != nil {
		t.Fatal(err)
	}
	i.refused(fault.Conflict, "another run is at work here")
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	i.update()
	i.holds(content)
}

func TestStateThatCannotBeRead(t *testing.T) {
	for _, text := range []string{"", "{", "[]", `{"schema":"nacre.update/2"}`, `{"schema":"nacre.update/1","more":1}`} {
		i := newIndex(t)
		i.publish(1, nil)
		i.update()
		if err := os.WriteFile(i.stateFileForTest(), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		i.refused(fault.Conflict, "is not nacre.update/1")
	}
}

func (i *index) stateFileForTest() string { return (&run{Updater: i.Updater}).stateFile() }

// A source that cannot be reached is passed over with a warning; one that says
// something wrong ends the update.
func TestSourcesInOrder(t *testing.T) {
	i := newIndex(t)
	content := i.publish(1, nil)
	good := i.Sources[0]
	away := Source{Kind: KindIndex, URL: i.url("/away"), Keys: good.Keys}
	i.Sources = []Source{away, good}
	r := i.update()
	i.holds(content)
	if r.Source.URL != good.URL || len(r.Warnings) != 1 || !strings.Contains(r.Warnings[0], "/away: the server answers 404") {
		t.Errorf("result %+v", r)
	}
	i.Sources = []Source{away, away}
	i.refused(fault.Unavailable, "none of 2 sources can be reached")
	i.files["/away"] = sign(t, "x\n", newPublisher(t, "advisories.example"))
	i.Sources = []Source{away, good}
	i.refused(fault.Denied, "none of the keys")
}

// Every address is told before it is asked, redirects too.
func TestSay(t *testing.T) {
	i := newIndex(t)
	i.publish(1, nil)
	i.lies(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/index" {
			http.Redirect(w, r, "/moved", http.StatusFound)
		}
		return r.URL.Path == "/index"
	})
	i.files["/moved"] = i.files["/index"]
	var said []string
	i.Say = func(address string) { said = append(said, strings.TrimPrefix(address, i.server.URL)) }
	i.update()
	if got, want := fmt.Sprint(said), "[/index /moved /nacre-1.db]"; got != want {
		t.Errorf("said %s, want %s", got, want)
	}
}

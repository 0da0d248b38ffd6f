package manifest

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"nacre/fault"
)

func TestLoad(t *testing.T) {
	key := newSigner(t, "advisories.example")
	f := newFolder(t, key)
	x, err := Load(context.Background(), f.open, []string{key.key})
	if err != nil {
		t.Fatal(err)
	}
	if x.Seal.Sequence != 42 || x.Head.Sequence != 42 || len(x.Manifest.Files) != 3 || len(x.Signers) != 1 || x.Signers[0] != key.key {
		t.Errorf("loaded %+v", x)
	}
	if d := x.Expired(built.AddDate(0, 0, 7)); d != 0 {
		t.Errorf("expired for %v on its last moment", d)
	}
	if d := x.Expired(built.AddDate(0, 0, 8)); d != 24*time.Hour {
		t.Errorf("expired for %v a day later", d)
	}
	x.Head.Expires = built.AddDate(0, 0, 3) // who signs anew may be stopped between the two
	if d := x.Expired(built.AddDate(0, 0, 4)); d != 24*time.Hour {
		t.Errorf("expired for %v a day after the note of the database", d)
	}
}

// An index has no database where somebody has built it so.
func TestLoadWithoutDatabase(t *testing.T) {
	key := newSigner(t, "advisories.example")
	f := folder{"index.html": "hello"}
	f.finish(t, 42, nil, nil, key)
	delete(f, HeadName)
	x, err := Load(context.Background(), f.open, []string{key.key})
	if err != nil || x.Head != nil {
		t.Errorf("loaded %+v, %v", x, err)
	}
}

func TestLoadUnsigned(t *testing.T) {
	f := newFolder(t)
	if _, err := Load(context.Background(), f.open, []string{newSigner(t, "a.example").key}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("an unsigned index with a key: %v", err)
	}
	x, err := Load(context.Background(), f.open, nil)
	if err != nil || x.Seal.Sequence != 42 || len(x.Signers) != 0 {
		t.Errorf("loaded %+v, %v", x, err)
	}
	f = newFolder(t, newSigner(t, "a.example"))
	if x, err = Load(context.Background(), f.open, nil); err != nil || len(x.Signers) != 0 {
		t.Errorf("a signed index, and nobody looks: %+v, %v", x, err)
	}
}

// While a key changes, both sign, and readers know one or both.
func TestLoadTwoKeys(t *testing.T) {
	a, b := newSigner(t, "advisories.example"), newSigner(t, "advisories.example")
	f := newFolder(t, a, b)
	for _, keys := range [][]string{{a.key}, {b.key}, {a.key, b.key}, {b.key, a.key, a.key}} {
		if _, err := Load(context.Background(), f.open, keys); err != nil {
			t.Errorf("%d keys: %v", len(keys), err)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	key, other := newSigner(t, "advisories.example"), newSigner(t, "advisories.example")
	for _, c := range []struct {
		name   string
		change func(f folder)
		kind   fault.Kind
		want   string
	}{
		{"no note", func(f folder) { delete(f, SealName) }, fault.NotFound, "manifest.note"},
		{"no list", func(f folder) { delete(f, ListName) }, fault.NotFound, "manifest.json"},
		{"no head", func(f folder) { delete(f, HeadName) }, fault.Denied, "nacre.db is listed, and nacre-index, which names it, is not there"},
		{"a page for a note", func(f folder) { f[SealName] = "<html>" }, fault.Invalid, "no signed note"},
		{"a note of somebody else", func(f folder) { f.finish(t, 42, nil, nil, other) }, fault.Denied, "none of the keys"},
		{"a head of somebody else", func(f folder) { f[HeadName] = newFolder(t, other)[HeadName] }, fault.Denied, "none of the keys"},
		{"a changed note", func(f folder) { f[SealName] = strings.Replace(f[SealName], "sequence 42", "sequence 43", 1) }, fault.Denied, "not what was signed"},
		{"a changed head", func(f folder) { f[HeadName] = strings.Replace(f[HeadName], "sequence 42", "sequence 43", 1) }, fault.Denied, "not what was signed"},
		{"the head for the note", func(f folder) { f[SealName] = f[HeadName] }, fault.Invalid, "not nacre-manifest/1"},
		{"a changed list", func(f folder) { f[ListName] = strings.Replace(f[ListName], "nacred", "nacreD", 1) }, fault.Denied, "manifest.json is not the one that manifest.note names"},
		{"a longer list", func(f folder) { f[ListName] += "\n" }, fault.Denied, "manifest.json is not the one"},
		{"a cut list", func(f folder) { f[ListName] = f[ListName][:100] }, fault.Denied, "manifest.json is not the one"},
		{"a huge note", func(f folder) { f[SealName] += strings.Repeat("x", MaxNote) }, fault.Invalid, "limit: manifest note size"},
		{"a huge head", func(f folder) { f[HeadName] += strings.Repeat("x", MaxNote) }, fault.Invalid, "limit: index note size"},
		{"an older list, sealed anew", func(f folder) {
			f.finish(t, 42, func(m *Manifest) { m.Sequence = 41 }, nil, key)
		}, fault.Denied, "manifest.json has sequence 41, and manifest.note 42"},
		{"an older head", func(f folder) {
			f.finish(t, 42, nil, func(_ *Seal, h *Head) { h.Sequence = 41 }, key)
		}, fault.Denied, "nacre-index has sequence 41, and manifest.note 42"},
		{"another database", func(f folder) {
			f.finish(t, 42, nil, func(_ *Seal, h *Head) { h.Size++ }, key)
		}, fault.Denied, "names a file nacre.db that manifest.json does not list"},
		{"another next key", func(f folder) {
			f.finish(t, 42, nil, func(_ *Seal, h *Head) { h.NextKey = other.key }, key)
		}, fault.Denied, "different keys as the next"},
		{"a next key of another name", func(f folder) {
			f.finish(t, 42, nil, func(s *Seal, _ *Head) { s.NextKey = newSigner(t, "other.example").key }, key)
		}, fault.Invalid, "another name"},
		{"one note by both keys", func(f folder) {
			both := newFolder(t, key, other)
			f[SealName], f[ListName] = both[SealName], both[ListName]
		}, fault.Denied, "other keys than manifest.note"},
	} {
		f := newFolder(t, key)
		c.change(f)
		keys := []string{key.key}
		if c.name == "one note by both keys" {
			keys = append(keys, other.key)
		}
		_, err := Load(context.Background(), f.open, keys)
		if err == nil || fault.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v (%v), want %q (%v)", c.name, err, fault.KindOf(err), c.want, c.kind)
		}
	}
}

// What Notes makes, Load reads.
func TestNotes(t *testing.T) {
	key, next := newSigner(t, "advisories.example"), newSigner(t, "advisories.example")
	f := folder{"index.html": "hello", DatabaseName: "database"}
	m, err := Make(Manifest{Day: "2099-03-01", Sequence: 7}, []File{
		describe("index.html", "hello"), describe(DatabaseName, "database"),
	})
	if err != nil {
		t.Fatal(err)
	}
	terms := Terms{built.Add(time.Millisecond), built.AddDate(0, 0, -1), built.AddDate(0, 0, 7), next.key}
	list, seal, head, err := m.Notes(terms, key)
	if err != nil {
		t.Fatal(err)
	}
	f[ListName], f[SealName], f[HeadName] = string(list), string(seal), string(head)
	x, err := Load(context.Background(), f.open, []string{key.key})
	if err != nil {
		t.Fatal(err)
	}
	if !x.Seal.Built.Equal(built) || !x.Head.Built.Equal(built.AddDate(0, 0, -1)) || x.Seal.NextKey != next.key {
		t.Errorf("the notes say %+v and %+v", x.Seal, x.Head)
	}

	other := newSigner(t, "other.example")
	for name, refused := range map[string]func() error{
		"keys of two names": func() error { _, _, _, err := m.Notes(terms, key, other); return err },
		"a next key of another name": func() error {
			terms := terms
			terms.NextKey = other.key
			_, _, _, err := m.Notes(terms, key)
			return err
		},
		"a secret key as the next": func() error {
			terms := terms
			terms.NextKey, _, err = NewKey(rand.Reader, "advisories.example")
			if err != nil {
				t.Fatal(err)
			}
			_, _, _, err := m.Notes(terms) // nor where nothing is signed
			if err != nil && strings.Contains(err.Error()+fault.HintOf(err), "PRIVATE") {
				t.Error("the error repeats the key")
			}
			return err
		},
		"no expiry": func() error { _, _, _, err := m.Notes(Terms{Built: built, Database: built}, key); return err },
		"an empty database": func() error {
			m, err := Make(Manifest{Day: "2099-03-01", Sequence: 7}, []File{describe(DatabaseName, "")})
			if err != nil {
				t.Fatal(err)
			}
			_, _, _, err = m.Notes(terms, key)
			return err
		},
	} {
		if err := refused(); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParseKey(t *testing.T) {
	secret, verifier, err := NewKey(rand.Reader, "advisories.example")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{secret, secret + "\n", secret + "\r\n"} {
		s, key, err := ParseKey([]byte(text))
		if err != nil || key != verifier || s.Name() != "advisories.example" {
			t.Errorf("read %q, %v", key, err)
		}
	}
	for _, text := range []string{"", verifier, secret[:len(secret)-4], strings.Replace(secret, "advisories", "others", 1), secret + "\n" + secret, strings.Repeat("x", maxKey+1)} {
		_, _, err := ParseKey([]byte(text))
		if fault.KindOf(err) != fault.Invalid || fault.HintOf(err) == "" {
			t.Errorf("a wrong key: %v", err)
		}
		if err != nil && len(text) > 20 && strings.Contains(err.Error(), text[len(text)-20:]) {
			t.Error("the error repeats the key")
		}
	}
	if _, _, err := NewKey(rand.Reader, "a name"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a name with a blank: %v", err)
	}
}

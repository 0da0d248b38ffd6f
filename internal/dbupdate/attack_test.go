package dbupdate

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp/packet"

	"nacre/fault"
	"nacre/internal/fetch"
)

// A password that stands in an address gets into no message, however broken
// the address or the list around it is.
func TestPasswordsAreNotTold(t *testing.T) {
	for _, list := range []string{
		"sources:\n- kind: cpansa\n  url: https://me:secret@a.example/x\n",
		"sources:\n- kind: cpansa\n  url: https://me:sec%zzret-secret@a.example/x\n",
		"sources:\n- kind: cpansa\n  url: https://secret@a.example/x\n",
		"sources:\n- kind: cpansa\n  url: https:me:secret@a.example\n",
		"sources:\n- kind: cpansa\n  url: ftp://me:secret@a.example/x\n",
		"sources:\n- kind: cpansa\n  url: me:secret@a.example:x\n",
		"sources:\n- kind: cpansa\n  url: https://me:secret@a.example/" + strings.Repeat("x", fetch.MaxURL) + "\n",
		"sources:\n- kind: cpansa\n  url: https://a.example/x\n  signature: https://me:secret@a.example/x\n",
		"sources: https://me:secret@a.example/x\n",
		"sources:\n- https://me:secret@a.example/x\n",
		"sources:\n- kind: index\n  url: https://a.example/x\n  keys: https://me:secret@a.example/x\n",
	} {
		_, err := ParseSources([]byte(list))
		if err == nil {
			t.Errorf("accepted:\n%.100s", list)
			continue
		}
		if told := err.Error() + fault.HintOf(err); strings.Contains(told, "secret") {
			t.Errorf("the error tells the password: %s", told)
		}
	}
}

// A key that the user takes out of the list takes the keys with it that it
// named: it may have been stolen, and the thief has named them.
func TestUnpinnedKey(t *testing.T) {
	i := newIndex(t)
	stolen, thief, fresh := i.by, newPublisher(t, "advisories.example"), newPublisher(t, "advisories.example")
	put := func(sequence uint64, nextKey string, by publisher) []byte {
		content := database(t, today, 500)
		h := i.head(sequence, content)
		h.NextKey = nextKey
		i.put(h.Text(), "/"+h.File, content, by)
		return content
	}
	put(1, thief.key, stolen)
	i.update()
	put(2, "", thief)
	i.update()
	i.Sources[0].Keys = []string{fresh.key}
	put(3, "", thief)
	i.refused(fault.Denied, "none of the keys")
	content := put(4, "", fresh)
	i.update()
	i.holds(content)
}

// Who keeps the first source away does not lead back in time by that; who asks
// for the second source alone has it.
func TestOtherSourceIsOlder(t *testing.T) {
	i := newIndex(t)
	i.publish(1, nil)
	i.update()
	f := &feed{i.world, newKey(t, packet.Config{})}
	f.trust(f.key)
	f.publish(today.AddDate(0, 0, -3))
	delete(i.files, "/index")
	second := Source{Kind: KindCPANSA, URL: f.url("/feed.json"), Signature: f.url("/feed.json.gpg")}
	i.Sources = append(i.Sources, second)
	i.refused(fault.Denied, "its data of 2099-02-26T12:00:00Z is older than the database that is here")

	i.Now = func() time.Time { return today.Add(time.Hour) }
	f.publish(today.Add(time.Hour))
	if r := i.update(); !r.Changed || len(r.Warnings) != 1 {
		t.Errorf("newer data of the second source: %+v", r)
	}

	alone := newFeed(t)
	if err := os.WriteFile(alone.File, database(t, today, 100), 0o644); err != nil {
		t.Fatal(err)
	}
	alone.publish(today.AddDate(0, 0, -3))
	if r := alone.update(); !r.Changed {
		t.Errorf("the only source: %+v", r)
	}
}

// A link in the place of the part is not followed: in a folder that others
// write to it could name a file of the user.
func TestLinkForAPart(t *testing.T) {
	for _, name := range []string{".part", ".part.json"} {
		i := newIndex(t)
		victim := filepath.Join(t.TempDir(), "letter")
		if err := os.WriteFile(victim, []byte("dear"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(victim, i.File+name); err != nil {
			t.Skip("SKIPPED: no links here:", err)
		}
		content := i.publish(1, nil)
		i.update()
		i.holds(content)
		text, err := os.ReadFile(victim)
		if err != nil || string(text) != "dear" {
			t.Errorf("%s: the file behind the link is %q, %v", name, text, err)
		}
	}
}

// What is installed are the bytes that were checked.
func TestChangedSinceItWasChecked(t *testing.T) {
	i := newIndex(t)
	content := i.publish(1, nil)
	i.update()
	s, err := readState(i.stateFileForTest())
	if err != nil {
		t.Fatal(err)
	}
	r := &run{Updater: i.Updater}
	other := database(t, today, 100)
	err = r.install(bytes.NewReader(other), int64(len(other)), s)
	if fault.KindOf(err) != fault.Conflict {
		t.Errorf("error %v", err)
	}
	i.holds(content)
	if left := i.folder(); len(left) != 2 {
		t.Errorf("left behind: %d files", len(left))
	}
}

// Where the machine itself is the trouble, the hint does not send people to
// the publisher; after an interrupt there is nothing to do.
func TestHints(t *testing.T) {
	i := newIndex(t)
	i.publish(1, nil)
	i.update()
	good := i.File
	i.File = filepath.Join(good, "nacre.db")
	if _, err := i.Update(context.Background()); !strings.Contains(fault.HintOf(err), "folder must be writable") {
		t.Errorf("no folder: %v, hint %q", err, fault.HintOf(err))
	}
	i.File = good
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := i.Update(ctx); fault.KindOf(err) != fault.Canceled || fault.HintOf(err) != "" {
		t.Errorf("interrupt: %v, hint %q", err, fault.HintOf(err))
	}
}

// A key file may come from anywhere: a signing subkey that somebody else has
// hung on the publisher's key signs nothing.
func TestForeignSubkey(t *testing.T) {
	f := newFeed(t)
	thief := newKey(t, packet.Config{})
	if err := thief.AddSigningSubkey(&packet.Config{Algorithm: packet.PubKeyAlgoEdDSA, Time: func() time.Time { return keyDay }}); err != nil {
		t.Fatal(err)
	}
	sub := thief.Subkeys[len(thief.Subkeys)-1]
	data := text(today)
	signature := detached(t, thief, data, today, func(c *packet.Config) { c.SigningKeyId = sub.PublicKey.KeyId })

	file := bytes.NewBuffer(export(t, f.key))
	if err := sub.PublicKey.Serialize(file); err != nil {
		t.Fatal(err)
	}
	for _, binding := range sub.Bindings {
		if err := binding.Packet.Serialize(file); err != nil {
			t.Fatal(err)
		}
	}
	if k, err := ReadKey(file, fingerprintOf(f.key), today); err == nil {
		if err := f.Trust.Accept(k); err != nil {
			t.Fatal(err)
		}
	}
	f.put(data, signature)
	f.refused(fault.Denied, "signature")
	f.publish(today)
	f.update()

	// The same signature is good where the thief's own key is accepted.
	if err := f.Trust.Remove(fingerprintOf(f.key)); err != nil {
		t.Fatal(err)
	}
	f.trust(thief)
	f.Sources[0].Fingerprints = nil
	later := text(today.Add(time.Second))
	f.Now = func() time.Time { return today.Add(time.Minute) }
	f.put(later, detached(t, thief, later, today, func(c *packet.Config) { c.SigningKeyId = sub.PublicKey.KeyId }))
	f.update()
}

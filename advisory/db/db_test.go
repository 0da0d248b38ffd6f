package db

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"hash/crc32"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nacre/advisory"
	"nacre/advisory/merge"
	"nacre/advisory/published"
	"nacre/cpan"
	"nacre/fault"
	"nacre/internal/testkit"
	"nacre/perlver"
)

var update = flag.Bool("update", false, "write the sample of the current format")

// diff compares records by their JSON, which is what they promise to keep.
func diff(want, got []advisory.Record) string {
	a, errA := json.MarshalIndent(want, "", " ")
	b, errB := json.MarshalIndent(got, "", " ")
	if errA != nil || errB != nil {
		return fmt.Sprint(errA, errB)
	}
	if bytes.Equal(a, b) {
		return ""
	}
	return cmp.Diff(strings.Split(string(a), "\n"), strings.Split(string(b), "\n"))
}

func day(t testing.TB, s string) advisory.Date {
	t.Helper()
	d, err := advisory.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// sample is a made-up set that uses every field of a record.
func sample(t testing.TB) advisory.Set {
	at := time.Date(2099, 1, 2, 3, 4, 5, 0, time.UTC)
	cna := advisory.Source{Name: "CPANSec", Licence: "CVE-TOU"}
	sa := advisory.Source{Name: "CPANSA", Commit: "abc123", Time: at, Licence: "Artistic-2.0", Attribution: "the database"}
	with := func(s advisory.Source, id, file string) advisory.Source {
		s.ID, s.File = id, file
		return s
	}
	return advisory.Set{
		Records: []advisory.Record{
			{
				ID: "CPANSA-Acme-Demo-2099-001", Severity: advisory.SeverityUnknown,
				Affected: []advisory.Affected{{Dist: "Acme-Demo", Darkpan: true, Statements: []advisory.Statement{
					{Entry: "CPANSA-Acme-Demo-2099-001", CPANSA: &advisory.CPANSA{Affected: []string{}}},
				}}},
				Sources: []advisory.Source{with(sa, "CPANSA-Acme-Demo-2099-001", "cpansa/CPANSA-Acme-Demo.yml#1")},
			},
			{
				ID: "CVE-2099-0001", Aliases: []advisory.ID{"CPANSA-Foo-Bar-2099-001", "GHSA-aaaa-bbbb-cccc"},
				Title: "Foo::Bar before 1.3 follows links", Description: "Two\n\nparagraphs, ünïcode.",
				Severity: advisory.SeverityHigh,
				CVSS:     []advisory.CVSS{{Version: "3.1", Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Base: 9.8}},
				CWEs:     []string{"CWE-59", "CWE-79"}, References: []advisory.Reference{{Kind: "FIX", URL: "https://foo.example/fix"}},
				Reported: day(t, "1969-12-31"), Published: day(t, "2099-01-02"), Modified: day(t, "2099-02-03"), Disputed: true,
				Affected: []advisory.Affected{
					{Dist: "Acme-Demo", Library: &advisory.Library{
						Name: "libfoo", Bundled: []advisory.Bundled{{Releases: ">=1,<2", Version: "0.9"}, {Releases: "2"}}, Affected: []string{"<1.0"},
					}, Statements: []advisory.Statement{{Source: 1, Entry: "GHSA-aaaa-bbbb-cccc", OSV: &advisory.OSV{
						Ranges: []perlver.OSVRange{{Type: "ECOSYSTEM", Events: []perlver.OSVEvent{{Introduced: "0"}, {Fixed: "2"}, {LastAffected: "3"}, {Limit: "4"}}}}, Versions: []string{"1", "1.5"},
					}}}},
					{Dist: "Foo-Bar", Modules: []cpan.Module{"Foo::Bar"}, Files: []string{"lib/Foo/Bar.pm"}, Routines: []string{"unpack"}, Statements: []advisory.Statement{
						{Source: 0, Entry: "CVE-2099-0001", CVE: &advisory.CVE{DefaultStatus: "unaffected", Versions: []perlver.CVEVersion{
							{Version: "0", Status: "affected", VersionType: "custom", LessThan: "1.3", Changes: []perlver.CVEChange{{At: "1.2", Status: "unaffected"}}},
							{Version: "2", Status: "affected", LessThanOrEqual: "2.1"},
						}}},
						{Source: 1, Entry: "CPANSA-Foo-Bar-2099-001", CPANSA: &advisory.CPANSA{Affected: []string{"<1.3", "=2.0"}, Fixed: []string{">=1.3"}}},
					}},
				},
				Sources:    []advisory.Source{with(cna, "CVE-2099-0001", "cve/CVE-2099-0001.json"), with(sa, "CPANSA-Foo-Bar-2099-001", "cpansa/CPANSA-Foo-Bar.yml#1")},
				Provenance: map[string][]int{"title": {0}, "severity": {1}, "references": {0, 1}, "a field of later": {1}},
			},
			{
				ID: "CVE-2099-0002", Withdrawn: day(t, "2099-03-04"), WithdrawnReason: "a duplicate of CVE-2099-0001",
				Affected: []advisory.Affected{{Dist: "Foo-Bar", Statements: []advisory.Statement{{Entry: "nothing stated"}}}},
				Sources:  []advisory.Source{with(cna, "CVE-2099-0002", "")},
			},
		},
		Releases: map[cpan.Dist][]advisory.Known{
			"Foo-Bar":   {{Version: "1.2", Date: at}, {Version: "1.3"}, {Version: "1.10.0", Date: at.AddDate(-100, 0, 0), Perl: "5.36.0"}, {Version: "2.0-TRIAL", Date: at}},
			"Only-Here": {{Version: "0.1"}},
		},
		Owners:  map[cpan.Module]cpan.Dist{"Foo::Bar": "Foo-Bar", "Foo::Bar::Baz": "Foo-Bar", "Acme": "Acme-Demo"},
		Main:    map[cpan.Dist]cpan.Module{"Foo-Bar": "Foo::Bar"},
		Sources: []advisory.Source{sa, cna},
		Notes:   []string{"made up"},
	}
}

// vendorSample is the sample with what vendors say.
func vendorSample(t testing.TB) advisory.Set {
	set := sample(t)
	set.Feeds = []advisory.VendorFeed{
		{Name: "Alpine secdb", Distros: []string{"alpine:3.19"}, Statements: 1},
		{Name: "Debian security tracker", Distros: []string{"debian:12", "debian:13"}, Time: time.Date(2099, 1, 2, 3, 4, 5, 0, time.UTC), Statements: 4},
		{Name: "OSV Debian", Distros: []string{"debian:12"}},
	}
	tracker := func(source, distro string, flaw advisory.ID, status advisory.VendorStatus, fixed, note string) advisory.VendorStatement {
		return advisory.VendorStatement{Feed: "Debian security tracker", Distro: distro, Source: source, Flaw: flaw, Status: status, Fixed: fixed, Note: note, URL: "https://tracker.example/" + string(flaw)}
	}
	set.Vendor = []advisory.VendorStatement{
		tracker("libfoo-bar-perl", "debian:12", "CVE-2099-0001", advisory.VendorFixed, "1.2-1+deb12u1", ""),
		tracker("perl", "debian:12", "CVE-2099-0003", advisory.VendorAffected, "", "no-dsa"),
		tracker("perl", "debian:13", "CVE-2099-0003", advisory.VendorNotAffected, "", ""),
		tracker("perl", "debian:13", "CVE-2099-0004", advisory.VendorUnknown, "", ""),
		{Feed: "Alpine secdb", Distro: "alpine:3.19", Source: "perl-foo-bar", Flaw: "CVE-2099-0001", Status: advisory.VendorFixed, Fixed: "1.3-r0"},
	}
	return set
}

var built = time.Date(2099, 4, 5, 6, 7, 8, 0, time.UTC)

func write(t testing.TB, set advisory.Set) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, set, built); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func open(t testing.TB, b []byte) *DB {
	t.Helper()
	d, err := Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// checkSet compares everything that a database answers with the set that it
// was made of.
func checkSet(t *testing.T, d *DB, set advisory.Set) {
	t.Helper()
	ctx := context.Background()
	if err := d.Verify(ctx); err != nil {
		t.Errorf("Verify: %v", err)
	}
	byDist := map[cpan.Dist][]advisory.Record{}
	byID := map[string][]advisory.Record{}
	for _, r := range set.Records {
		for i := range r.Affected {
			byDist[r.Affected[i].Dist] = append(byDist[r.Affected[i].Dist], r)
		}
		for _, id := range append([]advisory.ID{r.ID}, r.Aliases...) {
			byID[id.Key()] = append(byID[id.Key()], r)
		}
	}
	for dist, want := range byDist {
		got, err := d.ForDist(ctx, dist)
		if err != nil {
			t.Fatal(err)
		}
		if diff := diff(want, got); diff != "" {
			t.Fatalf("ForDist(%s): want -, got +\n%s", dist, diff)
		}
	}
	for id, want := range byID {
		got, err := d.ByID(ctx, advisory.ID(strings.ToUpper(id)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := diff(want, got); diff != "" {
			t.Fatalf("ByID(%s): want -, got +\n%s", id, diff)
		}
	}
	for dist, want := range set.Releases {
		got, err := d.Releases(ctx, dist)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("Releases(%s): want -, got +\n%s", dist, diff)
		}
	}
	// All modules in order, and one that is not there after each.
	var modules []cpan.Module
	var want []cpan.Dist
	for _, m := range slices.Sorted(maps.Keys(set.Owners)) {
		modules, want = append(modules, m, m+"\x00"), append(want, set.Owners[m], "")
	}
	ask := func() {
		t.Helper()
		if got, err := d.OwnersOf(ctx, modules); err != nil || !slices.Equal(got, want) {
			t.Fatalf("OwnersOf(%s) = %q, %v, want %q", modules, got, err, want)
		}
	}
	ask()
	slices.Reverse(modules) // which is slower and right too
	slices.Reverse(want)
	ask()
	bySource := map[string][]advisory.VendorStatement{}
	for _, s := range set.Vendor {
		bySource[s.Source] = append(bySource[s.Source], s)
	}
	for source, want := range bySource {
		got, err := d.Vendor(ctx, source)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Fatalf("Vendor(%s): %v, want -, got +\n%s", source, err, diff)
		}
	}
	if diff := cmp.Diff(set.Feeds, d.Feeds()); diff != "" {
		t.Fatalf("Feeds: want -, got +\n%s", diff)
	}
	for dist, want := range set.Main {
		if got, err := d.Main(ctx, dist); err != nil || got != want {
			t.Fatalf("Main(%s) = %q, %v, want %q", dist, got, err, want)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	set := sample(t)
	d := open(t, write(t, set))
	checkSet(t, d, set)
	info := d.Info()
	want := Info{
		Major: 1, Built: built, Size: info.Size, Digest: info.Digest,
		Records: 3, Withdrawn: 1, Dists: 2, Releases: 5, Modules: 3,
		Sources: set.Sources, Notes: set.Notes,
	}
	if diff := cmp.Diff(want, info); diff != "" {
		t.Errorf("Info: want -, got +\n%s", diff)
	}
	if len(info.Digest) != 64 {
		t.Errorf("digest %q", info.Digest)
	}
}

func TestAnswersAboutNothing(t *testing.T) {
	ctx := context.Background()
	d := open(t, write(t, sample(t)))
	for _, dist := range []cpan.Dist{"", "A", "Zzz", "foo-bar", "Foo-Ba", "Foo-Bar-"} {
		if r, err := d.ForDist(ctx, dist); len(r) != 0 || err != nil {
			t.Errorf("ForDist(%q) = %v, %v", dist, r, err)
		}
		if r, err := d.Releases(ctx, dist); r != nil || err != nil {
			t.Errorf("Releases(%q) = %v, %v", dist, r, err)
		}
	}
	for _, m := range []cpan.Module{"", "A", "Zzz", "Foo", "Foo::Bar::Ba", "foo::bar"} {
		if dist, err := d.OwnerOf(ctx, m); dist != "" || err != nil {
			t.Errorf("OwnerOf(%q) = %q, %v", m, dist, err)
		}
	}
	if r, err := d.ByID(ctx, "CVE-2099-9999"); len(r) != 0 || err != nil {
		t.Errorf("ByID = %v, %v", r, err)
	}
	spelled, err := d.Spelled(ctx, []string{"foo-BAR", "Nobody", "Foo_Bar", "Foo-Bar"})
	if want := [][]cpan.Dist{{"Foo-Bar"}, nil, {"Foo-Bar"}, {"Foo-Bar"}}; !reflect.DeepEqual(spelled, want) || err != nil {
		t.Errorf("Spelled = %v, %v, want %v", spelled, err, want)
	}
	var dists []cpan.Dist
	for dist, err := range d.Dists() {
		if err != nil {
			t.Fatal(err)
		}
		dists = append(dists, dist)
	}
	if want := []cpan.Dist{"Acme-Demo", "Foo-Bar", "Only-Here"}; !reflect.DeepEqual(dists, want) {
		t.Errorf("Dists = %v, want %v", dists, want)
	}
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := d.ForDist(stopped, "Foo-Bar"); fault.KindOf(err) != fault.Canceled {
		t.Errorf("ForDist after the end of its context: %v", err)
	}
}

func TestEmptySet(t *testing.T) {
	d := open(t, write(t, advisory.Set{}))
	checkSet(t, d, advisory.Set{})
}

// TestSamples opens the samples that were written when a format was new. They
// must never be written again: a later format gets a sample of its own.
func TestSamples(t *testing.T) {
	for name, set := range map[string]advisory.Set{"format-1.db": sample(t), "format-1.1.db": vendorSample(t)} {
		file := filepath.Join("testdata", name)
		if _, err := os.Stat(file); *update && os.IsNotExist(err) {
			if err := os.WriteFile(file, write(t, set), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		checkSet(t, open(t, b), set)
	}
}

// A file without statements of vendors has the bytes of the format before them,
// so that nobody needs a newer program to read it.
func TestMinorNumberSaysWhatIsThere(t *testing.T) {
	old := open(t, write(t, sample(t)))
	if got := old.Info(); got.Minor != 0 || got.Feeds != nil {
		t.Errorf("minor number %d, feeds %v", got.Minor, got.Feeds)
	}
	if all, err := old.Vendor(context.Background(), "perl"); all != nil || err != nil {
		t.Errorf("Vendor of a file without any: %v, %v", all, err)
	}
	d := open(t, write(t, vendorSample(t)))
	if got := d.Info(); got.Minor != 1 {
		t.Errorf("minor number %d", got.Minor)
	}
	for _, source := range []string{"", "a", "perl5", "perl-foo", "zzz", "PERL"} {
		if all, err := d.Vendor(context.Background(), source); all != nil || err != nil {
			t.Errorf("Vendor(%q) = %v, %v", source, all, err)
		}
	}
	stopped, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := d.Vendor(stopped, "perl"); fault.KindOf(err) != fault.Canceled {
		t.Errorf("Vendor after the end of its context: %v", err)
	}
}

func TestWriteRefusesVendor(t *testing.T) {
	for want, change := range map[string]func(*advisory.VendorStatement){
		"not listed": func(s *advisory.VendorStatement) { s.Feed = "made up" },
		"status 9":   func(s *advisory.VendorStatement) { s.Status = 9 },
	} {
		set := vendorSample(t)
		change(&set.Vendor[0])
		if err := Write(&bytes.Buffer{}, set, built); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want %s", err, want)
		}
	}
}

// What is read whole and written again is the same file.
func TestSetAndBack(t *testing.T) {
	without := vendorSample(t) // a record about no distribution
	without.Records = append(without.Records, advisory.Record{ID: "CVE-2099-0009", Sources: []advisory.Source{{Name: "CPANSec"}}})
	for _, set := range []advisory.Set{sample(t), vendorSample(t), without, {}} {
		b := write(t, set)
		again, err := open(t, b).Set(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b, write(t, again)) {
			t.Errorf("%d records became another file", len(set.Records))
		}
	}
	stopped, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := open(t, write(t, sample(t))).Set(stopped); fault.KindOf(err) != fault.Canceled {
		t.Errorf("Set after the end of its context: %v", err)
	}
}

func TestDeterministic(t *testing.T) {
	first := write(t, sample(t))
	for range 20 { // maps come in another order each time
		if !bytes.Equal(first, write(t, sample(t))) {
			t.Fatal("the same set gave other bytes")
		}
	}
}

// seal makes the header's checksum right again.
func seal(b []byte) []byte {
	n := binary.LittleEndian.Uint32(b[12:])
	sum := crc32.Checksum(b[8:16], castagnoli)
	binary.LittleEndian.PutUint32(b[16:], crc32.Update(sum, castagnoli, b[20:20+n]))
	return b
}

func TestReadersAndFormats(t *testing.T) {
	file := write(t, vendorSample(t))
	for _, test := range []struct {
		name   string
		change func([]byte) []byte
		want   string // of the error; "" is none
	}{
		{"as written", func(b []byte) []byte { return b }, ""},
		{"greater minor number", func(b []byte) []byte { b[10] = 7; return seal(b) }, ""},
		{"longer header", func(b []byte) []byte {
			n := binary.LittleEndian.Uint32(b[12:])
			binary.LittleEndian.PutUint32(b[12:], n+5)
			return seal(append(append(bytes.Clone(b[:20+n]), "later"...), b[20+n:]...))
		}, ""},
		{"greater major number", func(b []byte) []byte { b[8] = 2; return seal(b) }, "format 2 is not one"},
		{"no magic", func(b []byte) []byte { b[0] = 'N'; return b }, "not a Nacre database"},
		{"empty", func([]byte) []byte { return nil }, "not a Nacre database"},
		{"prefix only", func(b []byte) []byte { return b[:20] }, "limit: header size"},
		{"header damaged", func(b []byte) []byte { b[25] ^= 1; return b }, "checksum of the header"},
		{"cut off", func(b []byte) []byte { return b[:len(b)-1] }, "are stated"},
		{"longer", func(b []byte) []byte { return append(b, 0) }, "are stated"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := test.change(bytes.Clone(file))
			d, err := Open(bytes.NewReader(b), int64(len(b)))
			if test.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				checkSet(t, d, vendorSample(t))
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.want) || fault.HintOf(err) == "" {
				t.Errorf("error is %v (hint %q), want %q", err, fault.HintOf(err), test.want)
			}
		})
	}
}

// TestEveryDamageIsFound flips each byte of the body in turn.
func TestEveryDamageIsFound(t *testing.T) {
	file := write(t, vendorSample(t))
	start := 20 + int(binary.LittleEndian.Uint32(file[12:]))
	for i := start; i < len(file); i++ {
		b := bytes.Clone(file)
		b[i] ^= 0x10
		d, err := Open(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			continue
		}
		if err := d.Verify(context.Background()); err == nil {
			t.Fatalf("damage at byte %d is not found", i)
		}
		if _, err := d.ForDist(context.Background(), "Foo-Bar"); err != nil && fault.KindOf(err) != fault.Unavailable {
			t.Fatalf("damage at byte %d: %v", i, err)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	set := sample(t)
	d := open(t, write(t, set))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 20 {
				if r, err := d.ForDist(context.Background(), "Foo-Bar"); err != nil || len(r) != 2 {
					t.Errorf("ForDist: %d records, %v", len(r), err)
				}
				if dist, err := d.OwnerOf(context.Background(), "Foo::Bar"); dist != "Foo-Bar" || err != nil {
					t.Errorf("OwnerOf = %q, %v", dist, err)
				}
				if err := d.Verify(context.Background()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}

// A table that is damaged is an error, and not a table that knows less.
func TestDamagedModuleTable(t *testing.T) {
	ctx := context.Background()
	b := write(t, sample(t))
	d := open(t, b)
	places, err := d.chunks()
	if err != nil {
		t.Fatal(err)
	}
	table := places[len(places)-2] // the last is that of the ids
	b[d.base+int64(table.offset)] ^= 1
	d = open(t, b)
	if owners, err := d.OwnersOf(ctx, []cpan.Module{"Acme", "Foo::Bar"}); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("OwnersOf = %q, %v", owners, err)
	}
	if owner, err := d.OwnerOf(ctx, "Foo::Bar"); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("OwnerOf = %q, %v", owner, err)
	}
	if _, err := d.ForDist(ctx, "Foo-Bar"); err != nil {
		t.Errorf("ForDist, which needs no table: %v", err)
	}
}

// What a file lists for a distribution speaks of it, or is an error: whoever
// asks about a distribution goes on with For.
func TestRecordOfAnotherDistribution(t *testing.T) {
	ctx := context.Background()
	b := write(t, sample(t))
	d := open(t, b)
	s := d.head.sections[sectionDists]
	index := b[d.base+s.offset:][:s.size]
	copy(index[bytes.Index(index, []byte("Foo-Bar")):], "Foo-Baz")
	resum(b)
	d = open(t, b)
	if records, err := d.ForDist(ctx, "Foo-Baz"); fault.KindOf(err) != fault.Unavailable || records != nil {
		t.Errorf("ForDist = %d records, %v", len(records), err)
	}
}

// Chunks that are small in the file may not fill the memory, all together.
func TestUnpackedSize(t *testing.T) {
	const name = "limit: unpacked size"
	c := chunker{total: maxUnpacked - 10}
	c.add([]byte("more than ten"))
	if err := c.flush(); err == nil || !strings.Contains(err.Error(), name) {
		t.Errorf("writer's error is %v", err)
	}
	var e encoder // the same 4 KiB for every chunk
	for range maxUnpacked / maxChunk {
		for _, n := range []uint32{0, 4 << 10, maxChunk, 0} {
			e.u32(n)
		}
	}
	if _, err := chunkPlaces(string(e.b), 4<<10); err != nil {
		t.Errorf("as much as is allowed: %v", err)
	}
	e.b = append(e.b, e.b[:chunkPlaceSize]...)
	if _, err := chunkPlaces(string(e.b), 4<<10); err == nil || !strings.Contains(err.Error(), name) {
		t.Errorf("reader's error is %v", err)
	}
}

func TestWriteRefuses(t *testing.T) {
	set := sample(t)
	set.Records[0].Title = strings.Repeat("x", advisory.MaxLine+1)
	if err := Write(&bytes.Buffer{}, set, built); err == nil || !strings.Contains(err.Error(), "limit: title length") {
		t.Errorf("error is %v", err)
	}
}

// realSet is all real data.
func realSet(t testing.TB) advisory.Set {
	reports, index, records := published.Batches(t, os.DirFS(testkit.Data(t)))
	set, _ := merge.Merge([]advisory.Batch{index, reports, records})
	return set
}

// TestRealData writes and reads all of CPANSA and the CVE records.
func TestRealData(t *testing.T) {
	set := realSet(t)
	b := write(t, set)
	if len(b) > 1_500_000 {
		t.Errorf("the database has %d bytes, at most 1,500,000 are wanted", len(b))
	}
	d := open(t, b)
	checkSet(t, d, set)
	if again, err := d.Set(context.Background()); err != nil || !bytes.Equal(b, write(t, again)) {
		t.Errorf("what is read whole and written again is another file: %v", err)
	}
	spelled, err := d.Spelled(context.Background(), []string{"MOJOLICIOUS", "LIBWWW-PERL", "text-csv-xs"})
	if want := [][]cpan.Dist{{"Mojolicious"}, {"libwww-perl"}, {"Text-CSV_XS"}}; !reflect.DeepEqual(spelled, want) || err != nil {
		t.Errorf("Spelled = %v, %v, want %v", spelled, err, want)
	}
}

// FuzzOpen changes a database and asks it everything.
func FuzzOpen(f *testing.F) {
	version, err := perlver.Parse("1.2")
	if err != nil {
		f.Fatal(err)
	}
	file := write(f, vendorSample(f))
	f.Add(file, 0, byte(0), false)
	f.Add(write(f, sample(f)), 0, byte(0), false)
	for i := range 40 {
		f.Add(file, 12+i*len(file)/41, byte(0xff), true)
		f.Add(file, 20+i*len(file)/41, byte(1), i%2 == 0)
	}
	f.Fuzz(func(t *testing.T, b []byte, at int, xor byte, mend bool) {
		b = bytes.Clone(b)
		if len(b) > 0 {
			at = ((at % len(b)) + len(b)) % len(b)
			b[at] ^= xor
		}
		if mend {
			resum(b)
		}
		d, err := Open(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		ctx := context.Background()
		_ = d.Verify(ctx)
		n := 0
		for dist, err := range d.Dists() {
			if n++; err != nil || n > 50 {
				break
			}
			records, err := d.ForDist(ctx, dist)
			if err == nil {
				for i := range records {
					records[i].For(dist).Judge(version)
					if _, err := json.Marshal(&records[i]); err != nil {
						t.Errorf("a record that JSON refuses: %v", err)
					}
				}
			}
			_, _ = d.Releases(ctx, dist)
			_, _ = d.Main(ctx, dist)
		}
		_, _ = d.OwnersOf(ctx, []cpan.Module{"Acme", "Foo::Bar"})
		_, _ = d.ByID(ctx, "CVE-2099-0001")
		_, _ = d.Spelled(ctx, []string{"foo-bar"})
		_, _ = d.Set(ctx)
		said, _ := d.Vendor(ctx, "perl")
		for _, s := range said {
			_ = s.Status.String()
		}
	})
}

// resum makes all checksums right again, as far as they can be found, so that
// fuzzing reaches what stands behind them.
func resum(b []byte) {
	if len(b) < prefixSize {
		return
	}
	n := int64(binary.LittleEndian.Uint32(b[12:]))
	if n > maxHeader || prefixSize+n > int64(len(b)) {
		return
	}
	body := b[prefixSize+n:]
	h := header{minor: int(binary.LittleEndian.Uint16(b[10:]))}
	if h.decode(string(b[prefixSize:prefixSize+n])) != nil {
		seal(b)
		return
	}
	if s := h.sections[sectionChunks]; s.offset+s.size <= int64(len(body)) {
		places := body[s.offset : s.offset+s.size]
		for ; len(places) >= chunkPlaceSize; places = places[chunkPlaceSize:] {
			from := int64(binary.LittleEndian.Uint32(places))
			to := from + int64(binary.LittleEndian.Uint32(places[4:]))
			if to <= int64(len(body)) {
				binary.LittleEndian.PutUint32(places[12:], crc32.Checksum(body[from:to], castagnoli))
			}
		}
	}
	head := b[prefixSize : prefixSize+n]
	for _, s := range h.sections {
		if s.offset+s.size > int64(len(body)) {
			continue
		}
		old := binary.LittleEndian.AppendUint32(nil, s.sum)
		fresh := binary.LittleEndian.AppendUint32(nil, crc32.Checksum(body[s.offset:s.offset+s.size], castagnoli))
		if i := bytes.LastIndex(head, old); i >= 0 {
			copy(head[i:], fresh)
		}
	}
	seal(b)
}

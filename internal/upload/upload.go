// Package upload scans one file that somebody posted: a lock, a META, a cpanfile, a
// bill of materials, a list.
//
//	s := upload.Scanner{Tool: "nacred v0.1.0", Now: time.Now, Places: upload.NewPlaces(2)}
//	answer, err := s.Scan(ctx, database, upload.File{Name: "cpanfile.snapshot", Text: text})
//
// The file is read in memory and nowhere else, and nothing of it stays or is logged.
// Its name is only compared with the names that are known: what is read, and what
// findings call it, is a name of ours, so that no path leads from an upload to a file.
// Nothing of it is run.
//
// Promised: an upload costs at most what its limits say, of time, memory and scans at
// once; one that is not scanned whole says so in its summary.
package upload

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"nacre/advisory/db"
	"nacre/cpan"
	"nacre/fault"
	"nacre/internal/problem"
	"nacre/inventory"
	"nacre/inventory/all"
	"nacre/inventory/single"
	"nacre/perlver"
	"nacre/scan"
	"nacre/scan/output"
)

// The limits of a scan.
const (
	MaxAnswer = 64 << 20 // bytes of an answer
	// maxJudged is how many times an advisory is held to a component. All of CPAN
	// needs some two thousand; a bill that has one distribution in ten thousand
	// versions needs gigabytes of memory.
	maxJudged = 5000
)

// Scanner scans uploads.
type Scanner struct {
	Tool   string // "nacred v0.1.0"
	Now    func() time.Time
	Time   time.Duration // that one scan may take
	Places Places
}

// Places are how many scans may run at once.
type Places chan struct{}

// NewPlaces makes n places.
func NewPlaces(n int) Places { return make(Places, max(1, n)) }

// File is what was posted.
type File struct {
	Name   string // says what it is, where it is a known name; else its bytes do
	Text   []byte
	Perl   string // version of the perl that runs the project, "" for what the file says
	Format string // of the answer, a key of Formats; "" is json
}

// Answer is the scan as a document.
type Answer struct {
	Type    string // media type
	Data    []byte
	Summary scan.Summary
}

// Formats are the forms of an answer, with their media types.
func Formats() map[string]string {
	return map[string]string{
		"json":      "application/jsonl",
		"text":      "text/plain; charset=utf-8",
		"sarif":     "application/sarif+json",
		"openvex":   "application/json",
		"cyclonedx": "application/vnd.cyclonedx+json; version=1.6",
		"csaf":      "application/json",
		"junit":     "application/xml",
		"csv":       "text/csv; charset=utf-8",
		"markdown":  "text/markdown; charset=utf-8",
		"html":      "text/html; charset=utf-8",
	}
}

// Scan scans a file. Where all places are taken, the error says to come back.
func (s *Scanner) Scan(ctx context.Context, d *db.DB, f File) (a Answer, err error) {
	if f.Format == "" {
		f.Format = "json"
	}
	kind, ok := Formats()[f.Format]
	if !ok {
		return a, fault.New(fault.Invalid, "scan: no form of an answer is called %s", fault.Quote(f.Format)).
			WithHint("use json, text, sarif, openvex, cyclonedx, csaf, junit, csv, markdown or html")
	}
	if f.Perl != "" {
		if _, err := perlver.ParseExact(f.Perl); err != nil {
			return a, fault.Wrap(fault.Invalid, err, "scan: version of perl").WithHint("write it as perl -v does: 5.36.0")
		}
	}
	select {
	case s.Places <- struct{}{}:
		defer func() { <-s.Places }()
	default:
		p := problem.New(http.StatusServiceUnavailable, "as many scans are running as may at once").WithHint("try again in a few seconds, or use nacre scan")
		p.RetryAfter = 5
		return a, p
	}
	defer func() {
		if v := recover(); v != nil { // a defect of a reader must not end the server
			err = fmt.Errorf("scan an upload: %v\n%s", v, debug.Stack())
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, s.Time)
	defer cancel()
	inv, name, err := read(ctx, d, f)
	if err != nil {
		return a, err
	}
	if err := checkJudged(ctx, d, &inv); err != nil {
		return a, err
	}
	out := &bounded{}
	h, err := output.New(f.Format, out, output.Options{Width: 80})
	if err != nil {
		return a, err
	}
	info := d.Info()
	a.Summary, err = scan.Run(ctx, inv, d, scan.RunOptions{
		Tool: s.Tool, Path: name, Now: s.Now(), Vendors: d, Jobs: 1,
		Database: scan.Database{
			Path: "this index", Built: info.Built.UTC().Format(time.RFC3339), Advisories: info.Records, Dists: info.Dists,
		},
	}, h)
	if err != nil {
		return a, fault.Wrap(fault.KindOf(err), err, "scan")
	}
	if err := h.Close(); err != nil {
		return a, fault.Wrap(fault.KindOf(err), err, "scan")
	}
	a.Type, a.Data = kind, out.b.Bytes()
	return a, nil
}

// read makes the inventory of a file, and names it.
func read(ctx context.Context, d *db.DB, f File) (inv inventory.Inventory, name string, err error) {
	text := bytes.TrimPrefix(f.Text, []byte(single.ByteOrderMark))
	name = single.Kind(text[:min(len(text), single.Sniffed)], f.Name)
	opt := all.Options{Perl: f.Perl, Modules: d}
	switch {
	case len(bytes.TrimSpace(text)) == 0:
		return inv, "", fault.New(fault.Invalid, "scan: the file is empty").WithHint("%s", accepted)
	case name == "":
		return inv, "", fault.New(fault.Invalid, "scan: the file is nothing that components are read from").WithHint("%s", accepted)
	case name == single.Bill:
		inv, err = all.ReadBill(ctx, bytes.NewReader(text), name, opt)
	case name == single.List:
		inv, err = all.ReadList(ctx, bytes.NewReader(text), name, opt)
	default:
		inv, err = all.Read(ctx, single.Folder(name, text), opt)
	}
	if err != nil && fault.KindOf(err) == fault.NotFound { // what is posted is there
		err = fault.Wrap(fault.Invalid, err, "scan")
	}
	return inv, name, err
}

const accepted = "post a cpanfile.snapshot, META.json, META.yml, cpanfile, Makefile.PL, a CycloneDX or SPDX bill, or lines of Dist==Version"

// checkJudged holds an inventory to maxJudged.
func checkJudged(ctx context.Context, d *db.DB, inv *inventory.Inventory) error {
	about := map[cpan.Dist]int{}
	total := 0
	for i := range inv.Components {
		dist := inv.Components[i].Dist
		n, known := about[dist]
		if !known && dist != "" {
			all, err := d.ForDist(ctx, dist)
			if err != nil {
				return fault.Wrap(fault.KindOf(err), err, "scan")
			}
			n = len(all)
			about[dist] = n
		}
		if total += n; total > maxJudged {
			return fault.New(fault.Invalid, "scan: more than %d verdicts are asked for, on components that advisories are about (limit: verdicts of a scan)", maxJudged).
				WithHint("scan a part of it, or use nacre scan")
		}
	}
	return nil
}

// bounded is an answer in memory, within MaxAnswer. The buffer is no part of its
// type: its other methods would write without a bound.
type bounded struct{ b bytes.Buffer }

func (b *bounded) Write(p []byte) (int, error) {
	if b.b.Len()+len(p) > MaxAnswer {
		return 0, fault.New(fault.Invalid, "the answer is larger than %d bytes (limit: answer size)", MaxAnswer).
			WithHint("scan a part of it, or use nacre scan")
	}
	return b.b.Write(p)
}

// FileName is the name to save an answer under.
func FileName(format string) string {
	switch format {
	case "", "json":
		return "nacre.jsonl"
	case "text":
		return "nacre.txt"
	case "sarif", "html", "csv":
		return "nacre." + format
	case "junit":
		return "nacre.xml"
	case "markdown":
		return "nacre.md"
	}
	return "nacre." + strings.TrimSpace(format) + ".json"
}

package output

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nacre/advisory"
	"nacre/report/openvex"
	"nacre/report/sarif"
	"nacre/scan"
)

// What only the vendor of a package can tell stands together by source package,
// with the vendor's page, and what to give to Nacre.
func TestPackages(t *testing.T) {
	stream := recording(t, "packages.jsonl")
	for _, format := range []string{"text", "markdown", "sarif", "openvex", "cyclonedx"} {
		t.Run(format, func(t *testing.T) {
			got := print(t, format, Options{}, stream)
			file := filepath.Join("testdata", "packages."+format+".golden")
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
		})
	}
}

// With --fail-on-unknown they stand there too, and say that they count.
func TestPackagesThatCount(t *testing.T) {
	stream := recording(t, "packages.jsonl")
	for _, m := range stream {
		if m.Finding != nil {
			m.Finding.Counts = true
		}
	}
	got := string(print(t, "text", Options{}, stream))
	_, after, ok := strings.Cut(got, "MAY BE MENDED IN THE PACKAGE")
	if !ok || strings.Count(after, "decides the exit status") != 3 || strings.Contains(got, "COULD NOT BE JUDGED") {
		t.Error(got)
	}
}

// Documents for machines have each finding by itself, and what a vendor may have
// mended is open, not affected.
func TestPackagesForMachines(t *testing.T) {
	stream := recording(t, "packages.jsonl")
	open := 0
	for _, r := range decoded[sarif.Log](t, "sarif", stream).Runs[0].Results {
		if r.Properties["verdict"] == "unknown" {
			open++
			if r.Level != sarif.Note || r.Properties["vendor"] == nil {
				t.Errorf("%s has level %s, properties %v", r.RuleID, r.Level, r.Properties)
			}
		}
	}
	for _, s := range decoded[openvex.Document](t, "openvex", stream).Statements {
		if s.Status == openvex.UnderInvestigation {
			open--
		}
	}
	if open != 0 {
		t.Errorf("%d more unknown results than statements under investigation", open)
	}
}

// The block of a source package says which of its components are loaded, and its
// link to the vendor's page is in one piece.
func TestPackagesLoaded(t *testing.T) {
	stream := recording(t, "packages.jsonl")
	for _, m := range stream {
		if f := m.Finding; f != nil && f.Verdict == advisory.StatusUnknown {
			f.Reach = &scan.Reach{State: "not seen"}
			switch f.Component.Dist {
			case "Foo-Core":
				f.Reach.State = "loaded"
			case "perl":
				f.Reach.State = "unknown"
			}
			if f.Component.Package.Source == "perl" {
				f.Component.Package.Source = "perl-with-a-name-that-is-longer-than-most"
			}
		}
	}
	for _, format := range []string{"text", "html", "markdown"} {
		got := strings.Join(strings.Fields(string(print(t, format, Options{}, stream))), " ")
		if strings.Count(got, "loaded: Foo-Core 0.9; not known whether loaded: perl 5.36.0") != 1 || strings.Count(got, "nothing of it is seen to be loaded") != 2 {
			t.Errorf("%s: %s", format, got)
		}
	}
	got := string(print(t, "text", Options{}, stream))
	if strings.Contains(got, "source-package/perl-with") || !strings.Contains(got, "  https://security-tracker.debian.org/tracker/CVE-2099-000") && !strings.Contains(got, "tracker   https://security-tracker.debian.org/tracker/CVE-2099-000") {
		t.Error(got)
	}
}

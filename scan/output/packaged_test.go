package output

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nacre/report/openvex"
	"nacre/report/sarif"
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

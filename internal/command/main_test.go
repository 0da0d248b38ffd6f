package command

import (
	"os"
	"path/filepath"
	"testing"
)

// TestWidth holds that text for a terminal is as wide as COLUMNS says, and for
// anything else 80.
func TestWidth(t *testing.T) {
	device, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0) // which is taken for a terminal
	if err != nil {
		t.Fatal(err)
	}
	defer device.Close()
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, tt := range []struct {
		out  *os.File
		told string
		want int
	}{
		{device, "50", 50},
		{device, "20", 80}, // too narrow for any text
		{device, "", 80},   // it does not say
		{file, "50", 80},
	} {
		if got := width(tt.out, tt.told); got != tt.want {
			t.Errorf("width of %s with COLUMNS=%q is %d, want %d", tt.out.Name(), tt.told, got, tt.want)
		}
	}
}

package bom_test

import (
	"strings"
	"testing"

	"nacre/bom"
)

func TestSerial(t *testing.T) {
	drawn, err := bom.RandomSerial(strings.NewReader("0123456789abcdef"))
	if want := "urn:uuid:30313233-3435-4637-b839-616263646566"; err != nil || drawn != want {
		t.Errorf("drawn %s, %v, want %s", drawn, err, want)
	}
	if _, err := bom.RandomSerial(strings.NewReader("short")); err == nil {
		t.Error("drawn from too little")
	}
	a, b := bom.DigestSerial("a", "b"), bom.DigestSerial("a", "c")
	if a == b || a != bom.DigestSerial("a", "b") || a[23] != '5' {
		t.Errorf("digests %s, %s", a, b)
	}
}

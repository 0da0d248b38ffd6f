package fetch

import (
	"strings"
	"testing"
)

// Nothing that a server or a list names as an address does to a terminal what
// text does not.
func TestAddressesArePlainText(t *testing.T) {
	for _, address := range []string{"https://a.example/x?\u009b31m", "https://a.example/x?\u202ey"} {
		if err := CheckURL(address); err == nil || strings.Contains(err.Error(), address) {
			t.Errorf("%q: error %v", address, err)
		}
	}
}

package scan

import (
	"context"
	"errors"
	"strings"
	"testing"

	"nacre/advisory"
	"nacre/inventory"
)

// packaged are components that packages carry.
func packaged() inventory.Inventory {
	return inventory.Inventory{Components: []inventory.Component{{
		Dist: "Foo-Bar", Version: "1.2",
		Package: &inventory.Package{Manager: "dpkg", Name: "libfoo-bar-perl", Version: "1.2-1", Distro: "debian:12"},
	}}}
}

func TestVendorsError(t *testing.T) {
	broken := &fakeVendors{feeds: []advisory.VendorFeed{{Name: "x", Distros: []string{"debian:12"}}}, fail: errors.New("the disk is gone")}
	handled := 0
	_, err := Run(context.Background(), packaged(), &fakeDB{}, RunOptions{Vendors: broken}, handlerFunc(func(Message) error { handled++; return nil }))
	if err == nil || !strings.Contains(err.Error(), "the disk is gone") || handled > 0 {
		t.Errorf("%v after %d messages", err, handled)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	s, err := Run(ctx, packaged(), &fakeDB{}, RunOptions{Vendors: broken}, handlerFunc(func(Message) error { return nil }))
	if err != nil || s.Status != 3 {
		t.Errorf("a scan that is interrupted: %+v, %v", s, err)
	}
}

// The stream says which data of vendors was used.
func TestConfigNamesFeeds(t *testing.T) {
	v := &fakeVendors{feeds: []advisory.VendorFeed{{Name: "x", Distros: []string{"debian:12"}}}}
	var config *Config
	_, err := Run(context.Background(), packaged(), &fakeDB{}, RunOptions{Vendors: v}, handlerFunc(func(m Message) error {
		if m.Config != nil {
			config = m.Config
		}
		return nil
	}))
	if err != nil || config == nil || len(config.Database.Vendors) != 1 || config.Database.Vendors[0].Name != "x" {
		t.Errorf("%+v, %v", config, err)
	}
}

// handlerFunc is a handler that is a function.
type handlerFunc func(Message) error

func (h handlerFunc) Handle(m Message) error { return h(m) }

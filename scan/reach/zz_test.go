package reach_test

import (
	"context"
	"fmt"
	"nacre/inventory/all"
	"nacre/scan/reach"
	"os"
	"testing"
)

func TestZZ(t *testing.T) {
	pkg, prog := os.Getenv("ZPKG"), os.Getenv("ZPROG")
	root := "/tmp/nacre/lead/sb-" + prog
	if _, err := os.Stat(root); err != nil {
		r := sandbox(t, pkg)
		os.Rename(r, root)
	}
	d, _ := os.OpenRoot(root)
	inv, err := all.Read(context.Background(), d.FS(), all.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := reach.Read(context.Background(), d.FS(), &inv, reach.Options{Entries: []string{"usr/bin/" + prog}, Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	for i := range inv.Components {
		r := m.Component(i)
		if r.State == "unknown" {
			fmt.Printf("%s\n", inv.Components[i].Ref())
			for _, s := range r.Chain {
				fmt.Printf("    %s loads %s\n", s.At, s.Module)
			}
			fmt.Printf("    why %s [%s]\n", r.Why, r.At)
		}
	}
}

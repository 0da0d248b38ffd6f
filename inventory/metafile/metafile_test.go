package metafile_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"nacre/fault"
	"nacre/inventory"
	"nacre/inventory/metafile"
)

const (
	metaJSON = `{"name":"Acme-Shop","version":"2.0","dynamic_config":0,"provides":{"Acme::Shop":{}},"prereqs":{"runtime":{"requires":{"From::META":"1"}}}}`
	metaYAML = "name: Acme-Shop\nversion: 2.0\ndynamic_config: 0\nrequires:\n  From::YAML: 1\n"
	myMeta   = `{"name":"Acme-Shop","version":"2.0","dynamic_config":0,"prereqs":{"runtime":{"requires":{"From::MYMETA":"1"}}}}`
)

func find(files map[string]string) (inventory.Inventory, bool, error) {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	var inv inventory.Inventory
	found, err := metafile.Project{}.Find(context.Background(), fsys, &inv)
	return inv, found, err
}

func TestWhichFileIsRead(t *testing.T) {
	for _, c := range []struct {
		name    string
		files   map[string]string
		want    string // the module that the file requires
		notices string
	}{
		{"nothing", nil, "", ""},
		{"META.json before META.yml", map[string]string{"META.json": metaJSON, "META.yml": metaYAML}, "From::META", ""},
		{"META.yml alone", map[string]string{"META.yml": metaYAML}, "From::YAML", ""},
		{
			"what was configured before what was stated",
			map[string]string{"MYMETA.json": myMeta, "META.json": metaJSON},
			"From::MYMETA",
			"MYMETA.json is what the last configuration wrote; it may be left over from another perl",
		},
		{
			"left over from an older version",
			map[string]string{"MYMETA.json": strings.Replace(myMeta, "2.0", "1.9", 1), "META.json": metaJSON},
			"From::META",
			"MYMETA.json is left over from Acme-Shop 1.9 and not used: META.json is of Acme-Shop 2.0",
		},
		{
			"left over from another distribution",
			map[string]string{"MYMETA.json": strings.Replace(myMeta, "Shop", "Store", 1), "META.yml": metaYAML},
			"From::YAML",
			"MYMETA.json is left over from Acme-Store 2.0 and not used: META.yml is of Acme-Shop 2.0",
		},
		{
			"dynamic_config",
			map[string]string{"META.json": strings.Replace(metaJSON, `g":0`, `g":1`, 1)},
			"From::META",
			"META.json says dynamic_config: configuring may change the requirements",
		},
		{
			"dynamic_config not stated",
			map[string]string{"META.yml": strings.Replace(metaYAML, "dynamic_config: 0\n", "", 1)},
			"From::YAML",
			"META.yml says dynamic_config: configuring may change the requirements",
		},
		{
			"dynamic_config that MYMETA settles",
			map[string]string{"MYMETA.yml": "name: Acme-Shop\nrequires: {A: 1}\n"},
			"A",
			"MYMETA.yml is what the last configuration wrote; it may be left over from another perl",
		},
		{
			"a doubt",
			map[string]string{"META.json": strings.Replace(metaJSON, "Acme-Shop", "Acme::Shop", 1)},
			"From::META",
			`line 1: distribution "Acme::Shop": is a module's name`,
		},
	} {
		inv, found, err := find(c.files)
		var modules, notices []string
		for _, e := range inv.Edges {
			modules = append(modules, string(e.Module))
		}
		for _, n := range inv.Notices {
			notices = append(notices, n.Text)
			if n.At.File == "" || n.Partial {
				t.Errorf("%s: notice %+v", c.name, n)
			}
		}
		if got := strings.Join(modules, " "); err != nil || found != (c.want != "") || got != c.want {
			t.Errorf("%s: requires %q, found %v, %v; want %q", c.name, got, found, err, c.want)
		}
		if got := strings.Join(notices, "\n"); got != c.notices {
			t.Errorf("%s: notices\n%s\nwant\n%s", c.name, got, c.notices)
		}
	}
}

func TestWhatTheProjectIs(t *testing.T) {
	inv, _, err := find(map[string]string{"META.json": metaJSON})
	if err != nil || inv.Name != "Acme-Shop" || len(inv.Own) != 1 || inv.Own[0] != "Acme::Shop" {
		t.Errorf("%+v, %v", inv, err)
	}
}

func TestBrokenFiles(t *testing.T) {
	for name, want := range map[string]string{
		"MYMETA.json": "read MYMETA.json: line 1: no JSON: ",
		"META.json":   "read META.json: line 1: no JSON: ",
		"META.yml":    "read META.yml: no YAML",
	} {
		inv, found, err := find(map[string]string{name: "\x00{"})
		if err == nil || !found || !strings.HasPrefix(err.Error(), want) || fault.KindOf(err) != fault.Invalid || fault.HintOf(err) == "" {
			t.Errorf("%s: found %v, %v, hint %q; want %q", name, found, err, fault.HintOf(err), want)
		}
		if len(inv.Edges)+len(inv.Components) > 0 {
			t.Errorf("%s: something of it was used", name)
		}
	}
}

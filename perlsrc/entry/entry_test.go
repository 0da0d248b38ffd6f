package entry_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"nacre/perlsrc/entry"
)

// A project, and what is not its own: what was installed into it, what makes
// its Makefile, and what is no Perl.
func TestFind(t *testing.T) {
	fsys := fstest.MapFS{}
	for _, f := range []string{
		"bin/shop=#!/usr/bin/perl", "bin/run.sh=#!/bin/sh", "script/a.pl", "app.psgi", "tool=#!/usr/bin/env perl", "README=x", "Makefile.PL",
		"lib/Acme/Shop.pm", "lib/Acme/notes.pod", "lib/perl5/Foo.pm", "lib/.git/X.pm", "local/lib/perl5/Bar.pm", "blib/lib/Acme/Shop.pm",
		"t/shop.t", "t/lib/Fake.pm", "t/data.json", "xt/pod.t",
	} {
		name, text, _ := strings.Cut(f, "=")
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	e, err := entry.Find(context.Background(), fsys)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		kind      string
		got, want []string
	}{
		{"programs", e.Programs, []string{"app.psgi", "bin/shop", "script/a.pl", "tool"}},
		{"libraries", e.Libraries, []string{"lib/Acme/Shop.pm"}},
		{"tests", e.Tests, []string{"t/shop.t", "xt/pod.t"}},
		{"parts", e.Parts, []string{"t/lib/Fake.pm"}},
	} {
		if got, want := strings.Join(c.got, " "), strings.Join(c.want, " "); got != want {
			t.Errorf("%s: %s, want %s", c.kind, got, want)
		}
	}
	if m := e.Modules["lib/Acme/Shop.pm"]; m != "Acme::Shop" {
		t.Errorf("lib/Acme/Shop.pm is %s", m)
	}
	if e.Cut {
		t.Error("a few files are not too many")
	}
}

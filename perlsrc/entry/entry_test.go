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

// The root of a system: what its packages bring, and what people put there
// themselves.
func TestFindSystem(t *testing.T) {
	fsys := fstest.MapFS{}
	for _, f := range []string{
		"etc/os-release=ID=debian", "usr/bin/ack=#!/usr/bin/perl", "usr/bin/ls=ELF", "usr/share/doc/x/a.pl", "etc/a.pl", "lib/Foo.pm",
		"app/app.psgi", "app/bin/run=#!/usr/bin/env perl", "app/data/x=#!/usr/bin/perl", "app/local/lib/perl5/x.pl",
		"opt/shop/script/shop=#!/opt/perl/bin/perl", "var/www/cgi-bin/form.cgi", "home/web/bin/job.pl", "proc/1/a.pl",
	} {
		name, text, _ := strings.Cut(f, "=")
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	e, err := entry.Find(context.Background(), fsys)
	if err != nil {
		t.Fatal(err)
	}
	want := "app/app.psgi app/bin/run home/web/bin/job.pl opt/shop/script/shop usr/bin/ack var/www/cgi-bin/form.cgi"
	if got := strings.Join(e.Programs, " "); got != want {
		t.Errorf("programs: %s, want %s", got, want)
	}
	if len(e.Libraries) > 0 {
		t.Errorf("a system's lib is no project's: %s", e.Libraries)
	}
}

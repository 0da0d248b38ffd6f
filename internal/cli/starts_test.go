package cli

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"nacre/archive"
)

// What an image starts is known only where its command begins with Perl: a
// shell's script, a program that starts others, and perl -e may load anything.
func TestStarts(t *testing.T) {
	fsys := fstest.MapFS{}
	for _, f := range []string{
		"usr/bin/perl=\x7fELF", "usr/bin/tini=\x7fELF", "usr/local/bin/plackup=#!/usr/bin/perl", "usr/bin/carton=#!/usr/bin/env perl",
		"entrypoint.sh=#!/bin/sh", "app/app.psgi=1", "app/run=#!/usr/bin/perl", "app/script=1", "bin/sh=\x7fELF",
	} {
		name, text, _ := strings.Cut(f, "=")
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for _, c := range []struct {
		entrypoint, cmd, env, programs, modules string
	}{
		{cmd: "/app/run", programs: "app/run"},
		{cmd: "./run --fast", programs: "app/run"},
		{cmd: "plackup -s Starman app.psgi", programs: "usr/local/bin/plackup app/app.psgi"},
		{cmd: "carton exec plackup app.psgi", programs: "usr/bin/carton usr/local/bin/plackup app/app.psgi"},
		{cmd: "perl -w script", programs: "app/script"},
		{cmd: "/usr/bin/perl5.38.2 -MFoo::Bar=x script", env: "PERL5OPT=-MAcme -w", programs: "app/script", modules: "Foo::Bar Acme"},
		{entrypoint: "perl", cmd: "script", programs: "app/script"},
		{entrypoint: "/entrypoint.sh", cmd: "plackup app.psgi"},
		{entrypoint: "tini --", cmd: "perl script"},
		{cmd: "/bin/sh -c plackup"},
		{cmd: "perl -e 1"},
		{cmd: "perl missing.pl"},
		{cmd: "missing app.psgi"},
		{},
	} {
		got := startsOf(fsys, &archive.Image{
			Entrypoint: strings.Fields(c.entrypoint), Cmd: strings.Fields(c.cmd), WorkingDir: "/app", Env: []string{c.env},
		})
		if p, m := strings.Join(got.programs, " "), strings.Trim(fmt.Sprint(got.modules), "[]"); p != c.programs || m != c.modules {
			t.Errorf("%s %s: programs %q, modules %q; want %q, %q", c.entrypoint, c.cmd, p, m, c.programs, c.modules)
		}
	}
}

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

// Each word of a command is looked for in each folder of PATH, so both have a
// limit: an image could else keep a scan busy for hours.
func TestStartsHaveALimit(t *testing.T) {
	fsys := fstest.MapFS{"bin/run": {Data: []byte("#!/usr/bin/perl")}}
	for _, c := range []struct{ words, folders, programs int }{
		{1, 1, 1}, {maxWords, maxSearched, 1}, {maxWords + 1, 1, 0}, {1, maxSearched + 1, 0}, {100_000, 100_000, 0},
	} {
		image := &archive.Image{Cmd: append([]string{"run"}, make([]string, c.words-1)...), Env: []string{"PATH=/bin" + strings.Repeat(":x", c.folders-1)}}
		for i := range image.Cmd[1:] {
			image.Cmd[1+i] = "word"
		}
		if got := startsOf(fsys, image); len(got.programs) != c.programs {
			t.Errorf("%d words, %d folders: %v", c.words, c.folders, got.programs)
		}
	}
}

// Whatever a configuration says, what it starts is a file of the image.
func FuzzStarts(f *testing.F) {
	fsys := fstest.MapFS{"usr/bin/plackup": {Data: []byte("#!/usr/bin/perl")}, "app/app.psgi": {Data: []byte("1")}, "run": {Data: []byte("#!perl -w")}}
	f.Add("plackup\napp.psgi", "PATH=/usr/bin\nPERL5OPT=-MFoo::Bar", "/app")
	f.Add("/usr/bin/perl\n-MFoo=bar\n../run", "", "../..")
	f.Fuzz(func(t *testing.T, command, env, dir string) {
		got := startsOf(fsys, &archive.Image{Cmd: strings.Split(command, "\n"), Env: strings.Split(env, "\n"), WorkingDir: dir})
		for _, p := range got.programs {
			if fsys[p] == nil {
				t.Errorf("starts %q", p)
			}
		}
	})
}

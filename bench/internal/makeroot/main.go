// Makeroot writes the root of a Debian-like system with made-up modules of Perl,
// for bench to scan, and prints how many bytes of source they have. It is a
// program because the peak of a measured program counts from that of the one
// that starts it.
//
//	makeroot 1500 root ../shared/data
//
// The modules have 5 to 20 KB each, three to a distribution. Of the first 500
// distributions, every fifth has the name, a version and the main module of one
// that the data has advisories on, and a program loads half of them, by way of
// others: a larger root has no more findings and no larger application. A
// quarter each is in packages of the system, installed by cpanm, installed with
// a packing list, and there without a record.
// The same number gives the same bytes.
package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"nacre/advisory/cpansa"
	"nacre/perlver"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: makeroot MODULES FOLDER DATA")
		os.Exit(2)
	}
	n, err := strconv.Atoi(os.Args[1])
	if err == nil {
		err = run(n, os.Args[2], os.Args[3])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "makeroot:", err)
		os.Exit(1)
	}
}

func run(n int, to, data string) error {
	known, err := onRecord(filepath.Join(data, "cpansa", "cpan-security-advisory.json"))
	if err != nil {
		return err
	}
	r := &root{dir: to, rand: rand.New(rand.NewPCG(1, uint64(n)))}
	r.fill(n, known)
	if r.err == nil {
		fmt.Println(r.size)
	}
	return r.err
}

// dist is a distribution of the root.
type dist struct{ name, version, module string }

// onRecord gives one release of each distribution of the published data, from
// the middle of its releases.
func onRecord(index string) ([]dist, error) {
	text, err := os.ReadFile(index)
	if err != nil {
		return nil, err
	}
	var main struct {
		Dists map[string]struct {
			Module string `json:"main_module"`
		}
	}
	if err := json.Unmarshal(text, &main); err != nil {
		return nil, err
	}
	batch, err := cpansa.ReadJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	var out []dist
	for _, name := range slices.Sorted(maps.Keys(batch.Releases)) {
		all := batch.Releases[name]
		d := dist{string(name), all[len(all)/2].Version, main.Dists[string(name)].Module}
		if _, err := perlver.ParseExact(d.version); err == nil && name != "perl" && d.module != "" {
			out = append(out, d)
		}
	}
	return out, nil
}

// The folders of @INC, those of Debian's perl 5.36.
const (
	coreLib   = "usr/share/perl/5.36.0"
	vendorLib = "usr/share/perl5"
	siteLib   = "usr/local/share/perl/5.36.0"
	siteArch  = "usr/local/lib/x86_64-linux-gnu/perl/5.36.0"
	bareLib   = "opt/app/lib/perl5"
)

// root is a root that is being written.
type root struct {
	dir    string
	rand   *rand.Rand
	words  []string
	status bytes.Buffer // of dpkg
	size   int64        // of modules
	err    error        // the first
}

// fill writes everything.
func (r *root) fill(n int, known []dist) {
	for range 400 {
		word := make([]byte, 3+r.rand.IntN(8))
		for j := range word {
			word[j] = 'a' + byte(r.rand.IntN(26))
		}
		r.words = append(r.words, string(word))
	}
	r.write("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\n")
	r.write(coreLib+"/strict.pm", "package strict;\nour $VERSION = '1.12';\n1;\n")
	r.write(coreLib+"/warnings.pm", "package warnings;\nour $VERSION = '1.58';\n1;\n")
	r.write(coreLib+"/Config.pm", "package Config;\nour %Config = (version => '5.36.0');\n1;\n")
	r.pack("perl-base", "5.36.0-7", coreLib+"/strict.pm", coreLib+"/warnings.pm", coreLib+"/Config.pm")

	const first = 500 // distributions, which findings and the program are about
	dists := make([]dist, n/3)
	for i := range dists {
		name := fmt.Sprintf("Acme-Demo%d-N%04d", i%40, i)
		dists[i] = dist{name, fmt.Sprintf("1.%02d", i%90), strings.ReplaceAll(name, "-", "::")}
		if i%5 == 0 && i < min(first, 5*len(known)) {
			dists[i] = known[i/5]
		}
	}
	program := "#!/usr/bin/perl\nuse strict;\nuse warnings;\n"
	const group = 30 // of distributions that load each other
	for i, d := range dists {
		r.add(i, d, dists[max(i-3, i-i%group):i])
		if i%(2*group) == group-1 && i < first {
			program += "use " + d.module + ";\n"
		}
	}
	r.write("opt/app/bin/app", program+"Acme::App->run;\n")
	r.write("var/lib/dpkg/status", r.status.String())
}

func (r *root) write(name, text string) {
	name = filepath.Join(r.dir, filepath.FromSlash(name))
	r.err = cmp.Or(r.err, os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644))
}

func (r *root) writeJSON(name string, v any) {
	text, err := json.MarshalIndent(v, "", "   ")
	r.err = cmp.Or(r.err, err)
	r.write(name, string(text))
}

// pack says that dpkg installed a package.
func (r *root) pack(name, version string, files ...string) {
	fmt.Fprintf(&r.status, "Package: %s\nStatus: install ok installed\nArchitecture: all\nVersion: %s\n\n", name, version)
	r.write("var/lib/dpkg/info/"+name+".list", "/.\n/"+strings.Join(files, "\n/")+"\n")
}

// add writes the modules of the i-th distribution, and its record. The first
// module loads the second and the distributions before, the second the third.
func (r *root) add(i int, d dist, before []dist) {
	kind := i % 4
	lib := [...]string{vendorLib, siteLib, siteLib, bareLib}[kind]
	modules := []string{d.module, d.module + "::Part", d.module + "::Part::More"}
	var files []string
	for n, m := range modules {
		uses := slices.Clone(modules[n+1 : min(n+2, len(modules))])
		if n == 0 {
			for _, o := range before {
				uses = append(uses, o.module)
			}
		}
		file := path.Join(lib, strings.ReplaceAll(m, "::", "/")+".pm")
		text := r.source(m, d.version, uses)
		r.size += int64(len(text))
		r.write(file, text)
		files = append(files, file)
	}
	switch kind {
	case 0:
		r.asPackage(d, files)
	case 1:
		r.asInstalled(d, modules, files, before)
	case 2:
		r.write(siteArch+"/auto/"+strings.ReplaceAll(d.module, "::", "/")+"/.packlist", "/"+strings.Join(files, "\n/")+"\n")
	}
}

// asPackage leaves what dpkg does.
func (r *root) asPackage(d dist, files []string) {
	name := "lib" + strings.ToLower(d.name) + "-perl"
	r.write("usr/share/doc/"+name+"/copyright",
		"Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nSource: https://metacpan.org/release/"+d.name+"\n")
	var log bytes.Buffer
	w := gzip.NewWriter(&log)
	fmt.Fprintf(w, "%s (%s-1) unstable; urgency=medium\n\n  * Initial release.\n\n -- Somebody <somebody@example.com>  Sat, 01 Jan 2022 00:00:00 +0000\n", name, d.version)
	r.err = cmp.Or(r.err, w.Close())
	r.write("usr/share/doc/"+name+"/changelog.Debian.gz", log.String())
	r.pack(name, d.version+"-1", files...)
}

// asInstalled leaves what cpanm does.
func (r *root) asInstalled(d dist, modules, files []string, before []dist) {
	type object = map[string]any
	provides, requires := object{}, object{}
	for n, m := range modules {
		provides[m] = object{"file": strings.TrimPrefix(files[n], siteLib+"/"), "version": d.version}
	}
	for _, o := range before {
		requires[o.module] = "0"
	}
	meta := siteArch + "/.meta/" + d.name + "-" + d.version
	r.writeJSON(meta+"/install.json", object{
		"name": d.module, "target": d.module, "version": d.version, "dist": d.name + "-" + d.version,
		"pathname": "A/AN/ANON/" + d.name + "-" + d.version + ".tar.gz", "provides": provides,
	})
	r.writeJSON(meta+"/MYMETA.json", object{
		"name": d.name, "version": d.version, "abstract": "made up", "dynamic_config": 0, "release_status": "stable",
		"meta-spec": object{"version": 2}, "prereqs": object{"runtime": object{"requires": requires}},
	})
}

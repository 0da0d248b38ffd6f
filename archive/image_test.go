package archive_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"nacre/archive"
	"nacre/fault"
)

// layers of an image: what each does is in its names.
var (
	lower = tarOf(
		entry{name: "etc/"}, entry{name: "usr/"},
		entry{name: "etc/gone", body: "1"},
		entry{name: "etc/alternatives/perl", link: "/usr/bin/perl5.36"},
		entry{name: "usr/bin/perl", link: "/etc/alternatives/perl"},
		entry{name: "usr/bin/perl5.36", body: "ELF"},
		entry{name: "usr/bin/perl5.36.0", link: "usr/bin/perl5.36", typ: '1'},
		entry{name: "lib", link: "usr/lib"},
		entry{name: "usr/lib/a.pm", body: "a1"},
		entry{name: "usr/lib/old/b.pm", body: "b1"},
		entry{name: "opaque/x", body: "1"}, entry{name: "opaque/y/z", body: "1"},
		entry{name: "dir/x", body: "1"},
		entry{name: "file", body: "1"},
		entry{name: "again/x", body: "1"},
		entry{name: "dev/null", typ: '3'},
	)
	upper = tarOf(
		entry{name: "etc/.wh.gone"},
		entry{name: "lib/a.pm", body: "a2"}, // goes to usr/lib
		entry{name: "usr/lib/.wh.old"},
		entry{name: "opaque/new", body: "2"}, entry{name: "opaque/.wh..wh..opq"}, // the order does not matter
		entry{name: "dir", body: "is a file now"},
		entry{name: "file/"}, entry{name: "file/is", body: "a folder now"},
		entry{name: "again/"}, entry{name: "again/y", body: "2"}, entry{name: ".wh.again"},
		entry{name: ".wh..wh.plnk/x"}, entry{name: ".wh..wh.aufs"},
		entry{name: "none/.wh.x"}, entry{name: ".wh.nothing"},
	)
	image = `again/
again/y=2
dev/
dev/null?
dir=is a file now
etc/
etc/alternatives/
etc/alternatives/perl -> /usr/bin/perl5.36
file/
file/is=a folder now
lib -> usr/lib
opaque/
opaque/new=2
usr/
usr/bin/
usr/bin/perl -> /etc/alternatives/perl
usr/bin/perl5.36=ELF
usr/bin/perl5.36.0=ELF
usr/lib/
usr/lib/a.pm=a2`
)

func TestImages(t *testing.T) {
	layout := layoutOf(gzipOf(lower), zstdOf(upper))
	saved := savedOf("shop:1", lower, upper)
	both := savedOf("shop:1", lower, upper)
	maps.Copy(both, layoutOf(lower, upper))
	for _, c := range []struct {
		what   string
		b      []byte
		format archive.Format
		name   string
	}{
		{"OCI layout", tarOfFiles(layout), archive.OCILayout, ""},
		{"OCI layout, packed", gzipOf(tarOfFiles(layout)), archive.OCILayout, ""},
		{"OCI layout of plain layers", tarOfFiles(layoutOf(lower, upper)), archive.OCILayout, ""},
		{"docker save", tarOfFiles(saved), archive.DockerImage, "shop:1"},
		{"docker save, packed", gzipOf(tarOfFiles(saved)), archive.DockerImage, "shop:1"},
		{"docker save of packed layers", tarOfFiles(repacked(saved)), archive.DockerImage, "shop:1"},
		{"both in one", tarOfFiles(both), archive.OCILayout, ""},
	} {
		f, err := openBytes(c.b, "shop.tar", archive.Options{Spool: newSpool(t)})
		if err != nil {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		if got := list(t, f); got != image {
			t.Errorf("%s: got\n%s\nwant\n%s", c.what, got, image)
		}
		img := f.Image()
		if f.Format() != c.format || img == nil || img.Platform != "linux/amd64" || img.Layers != 2 || img.WorkingDir != "/srv" || img.Name != c.name || img.Digest == "" {
			t.Errorf("%s: %v %+v", c.what, f.Format(), img)
		}
		for _, name := range []string{"usr/bin/perl", "lib/a.pm"} {
			if _, err := f.ReadFile(name); err != nil {
				t.Errorf("%s: %v", c.what, err)
			}
		}
		if len(f.Notes()) > 0 {
			t.Errorf("%s: %q", c.what, f.Notes())
		}
		if _, top := f.Root(); top != "" {
			t.Errorf("%s: top %s", c.what, top)
		}
	}
}

// repacked packs the layers of what docker save wrote: their digests are those
// of what they unpack to.
func repacked(files map[string][]byte) map[string][]byte {
	out := map[string][]byte{}
	for name, b := range files {
		if strings.HasSuffix(name, "layer.tar") {
			b = gzipOf(b)
		}
		out[name] = b
	}
	return out
}

func TestConfiguration(t *testing.T) {
	img := mustOpen(t, tarOfFiles(layoutOf(lower)), "x.tar", archive.Options{}).Image()
	img.Digest = ""
	want := &archive.Image{
		Platform: "linux/amd64", Layers: 1, Env: []string{"PERL5LIB=/srv/lib"}, Entrypoint: []string{"/srv/run"},
		Cmd: []string{"-v"}, WorkingDir: "/srv", Labels: map[string]string{"a": "b"},
	}
	if !reflect.DeepEqual(img, want) {
		t.Errorf("%+v", img)
	}
}

// An image in a folder, too, with links and layers that are streams.
func TestOpenLayout(t *testing.T) {
	for name, files := range map[string]map[string][]byte{"layout": layoutOf(gzipOf(lower), upper), "saved": savedOf("x", lower, upper)} {
		dir := t.TempDir()
		for name, b := range files {
			os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777)
			if err := os.WriteFile(filepath.Join(dir, name), b, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		root, err := os.OpenRoot(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer root.Close()
		f, err := archive.OpenLayout(context.Background(), root.FS(), archive.Options{Spool: newSpool(t)})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := list(t, f); got != image {
			t.Errorf("%s: got\n%s", name, got)
		}
	}
	_, err := archive.OpenLayout(context.Background(), fstest.MapFS{"x": {}}, archive.Options{})
	if fault.KindOf(err) != fault.NotFound || fault.HintOf(err) == "" {
		t.Errorf("%v", err)
	}
}

// What docker wrote before version 25: a layer that is a link to another's.
func TestSavedLink(t *testing.T) {
	files := savedOf("x", lower, lower)
	first, second := fmt.Sprintf("%064d/layer.tar", 0), fmt.Sprintf("%064d/layer.tar", 1)
	delete(files, second)
	b := tarOfFiles(files)
	b = append(tarOf(entry{name: second, link: "../" + first})[:512], b...)
	for _, b := range [][]byte{b, gzipOf(b)} {
		if f := mustOpen(t, b, "x.tar", archive.Options{}); f.Image().Layers != 2 {
			t.Errorf("%+v", f.Image())
		}
	}
}

func TestKeepInImage(t *testing.T) {
	keep := func(name string, _ int64) bool { return strings.HasPrefix(name, "usr/lib/") }
	for _, files := range []map[string][]byte{layoutOf(gzipOf(lower), upper), savedOf("x", lower)} {
		for _, b := range [][]byte{tarOfFiles(files), gzipOf(tarOfFiles(files))} {
			f := mustOpen(t, b, "x.tar", archive.Options{Keep: keep})
			if _, err := f.ReadFile("lib/a.pm"); err != nil {
				t.Error(err)
			}
			if _, err := f.ReadFile("usr/bin/perl"); err == nil || !strings.Contains(err.Error(), "not kept") {
				t.Error(err)
			}
		}
	}
}

func TestWhichImage(t *testing.T) {
	files := map[string][]byte{"oci-layout": []byte(`{"imageLayoutVersion":"1.0.0"}`)}
	arm := imageInto(files, "arm64", tarOf(entry{name: "arm"}))
	amd := imageInto(files, "amd64", tarOf(entry{name: "amd"}))
	old := imageInto(files, "amd64", tarOf(entry{name: "old"}))
	missing := object{"digest": "sha256:" + strings.Repeat("0", 64), "platform": object{"os": "linux", "architecture": "amd64"}}
	proof := imageInto(files, "unknown", tarOf(entry{name: "proof"}))
	proof["annotations"] = object{"vnd.docker.reference.type": "attestation-manifest"}
	index := jsonOf(object{"manifests": []any{missing, arm, amd, proof}})
	files["blobs/sha256/"+strings.TrimPrefix(digest(index), "sha256:")] = index
	inner := object{"digest": digest(index), "annotations": object{"org.opencontainers.image.ref.name": "shop:2"}}
	old["annotations"] = object{"io.containerd.image.name": "example.org/shop:1"}
	write := func(images ...any) []byte {
		files["index.json"] = jsonOf(object{"manifests": images})
		return tarOfFiles(files)
	}
	first, second := savedOf("a:1", tarOf(entry{name: "a1"})), savedOf("b:2", tarOf(entry{name: "b2"}))
	two := map[string][]byte{}
	maps.Copy(two, first)
	for name, b := range second {
		if strings.HasSuffix(name, "layer.tar") {
			two["second/layer.tar"] = b
		} else if name != "manifest.json" {
			two[name] = b
		}
	}
	join := strings.TrimSuffix(string(first["manifest.json"]), "]") + "," +
		strings.TrimPrefix(strings.Replace(string(second["manifest.json"]), fmt.Sprintf("%064d/layer.tar", 0), "second/layer.tar", 1), "[")
	two["manifest.json"] = []byte(join)

	for _, c := range []struct {
		what string
		b    []byte
		opt  archive.Options
		want string // the file in it, or the error
		note string
	}{
		{"the platform", write(inner), archive.Options{}, "amd", `chose image "linux/amd64" of 2: "linux/arm64", "linux/amd64"`},
		{"a named platform", write(inner), archive.Options{Platform: "linux/arm64"}, "arm", `chose image "linux/arm64" of 2: "linux/arm64", "linux/amd64"`},
		{"no such platform", write(inner), archive.Options{Platform: "linux/s390x"}, `no image "linux/s390x" here`, ""},
		{"the only one", write(arm), archive.Options{}, "arm", ""},
		{"the first", write(arm, arm), archive.Options{}, "arm", `chose image "linux/arm64" of 2: "linux/arm64", "linux/arm64"`},
		{"a tag", write(inner, old), archive.Options{Image: "example.org/shop:1"}, "old", ""},
		{"a tag of an index", write(old, inner), archive.Options{Image: "shop:2"}, "amd", `chose image "linux/amd64" of 2: "linux/arm64", "linux/amd64"`},
		{"a digest", write(amd, arm), archive.Options{Image: arm["digest"].(string)[:20]}, "arm", ""},
		{"no such tag", write(inner, old), archive.Options{Image: "none"}, `no image "none" here`, ""},
		{"no such tag of the only one", write(arm), archive.Options{Image: "none"}, `no image "none" here`, ""},
		{"none is here", write(missing), archive.Options{}, "the index names no image that is here", ""},
		{"docker's first", tarOfFiles(two), archive.Options{}, "a1", `chose image "a:1" of 2: "a:1", "b:2"`},
		{"docker's named", tarOfFiles(two), archive.Options{Image: "b:2"}, "b2", ""},
		{"docker's none", tarOfFiles(two), archive.Options{Image: "c"}, `no image "c" here`, ""},
	} {
		f, err := openBytes(c.b, "x.tar", c.opt)
		if err != nil {
			if !strings.Contains(err.Error(), c.want) || fault.KindOf(err) != fault.NotFound || fault.HintOf(err) == "" {
				t.Errorf("%s: %v, want %s", c.what, err, c.want)
			}
			continue
		}
		if got := list(t, f); got != c.want+"=" {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
		if got := strings.Join(f.Notes(), "; "); got != c.note {
			t.Errorf("%s: note %s", c.what, got)
		}
	}
}

func TestImagesRefused(t *testing.T) {
	change := func(files map[string][]byte, suffix string, with func([]byte) []byte) []byte {
		for name, b := range files {
			if strings.HasSuffix(name, suffix) {
				files[name] = with(b)
			}
		}
		return tarOfFiles(files)
	}
	hex := func(b []byte) string { return strings.TrimPrefix(digest(b), "sha256:") }
	longer := func(b []byte) []byte { return append(bytes.Clone(b), ' ') }
	bigger := func(b []byte) []byte { return append(bytes.Clone(b), bytes.Repeat([]byte(" "), 4<<20)...) }
	index := func(s string) []byte {
		return tarOfFiles(map[string][]byte{"oci-layout": []byte(`{"imageLayoutVersion":"1.0.0"}`), "index.json": []byte(s)})
	}
	manifest := func(s string) []byte {
		return tarOfFiles(map[string][]byte{"manifest.json": []byte(s)})
	}
	config := func() (name string, files map[string][]byte) {
		files = savedOf("x", lower)
		for name := range files {
			if strings.HasSuffix(name, ".json") && name != "manifest.json" {
				return name, files
			}
		}
		panic("none")
	}
	name, files := config()
	deep := map[string][]byte{"oci-layout": []byte(`{"imageLayoutVersion":"1.0.0"}`)}
	d := imageInto(deep, "amd64", lower)
	for range 6 {
		b := jsonOf(object{"manifests": []any{d}})
		deep["blobs/sha256/"+hex(b)], d = b, object{"digest": digest(b)}
	}
	deep["index.json"] = jsonOf(object{"manifests": []any{d}})
	many := make([][]byte, 6)
	for i := range many {
		many[i] = lower
	}
	for _, c := range []struct {
		what string
		b    []byte
		want string
	}{
		{"a changed layer", change(layoutOf(lower), hex(lower), longer), "layer 1 (blobs/sha256/" + hex(lower) + "): blobs/sha256/" + hex(lower) + ": its digest is "},
		{"a changed layer of docker", change(savedOf("x", lower, lower), "1/layer.tar", func(b []byte) []byte { return flip(b, 514) }), "layer 2 ("},
		{"a changed configuration", change(files, name, longer), name + ": its digest is sha256:"},
		{"a changed manifest", changedManifest(), ": its digest is sha256:"},
		{"a layer that is not there", without(savedOf("x", lower), "layer.tar"), "layer 1 (" + fmt.Sprintf("%064d/layer.tar", 0) + "): is not there"},
		{"too many layers", tarOfFiles(layoutOf(many...)), "has 6 layers, more than 5 (limit: layers)"},
		{"nested indexes", tarOfFiles(deep), "has more than 4 indexes within each other (limit: nested indexes)"},
		{"a large index", change(layoutOf(lower), "index.json", bigger), "read index.json: larger than 4194304 bytes (limit: manifest size)"},
		{"a deep index", index(`{"manifests":` + strings.Repeat("[", 100_000)), "read index.json: "},
		{"a broken index", index(`{`), "read index.json: unexpected end of JSON input"},
		{"an empty index", index(`{}`), "the index names no image that is here"},
		{"a digest that is a path", index(`{"manifests":[{"digest":"sha256:../../etc/passwd"}]}`), `digest "sha256:../../etc/passwd": is neither`},
		{"docker's none", manifest(`[{"Config":"../x","Layers":[]}]`), `names the configuration "../x"`},
		{"docker's configuration is not there", manifest(`[{"Config":"x.json","Layers":["a"]}]`), "read x.json: stat x.json: file does not exist"},
		{"docker's layer leads out", savedLayers(files, "../x"), `names the layer "../x"`},
		{"other counts", savedLayers(files, "a", "b"), "it lists 1 layers, and manifest.json 2"},
		{"a layer leads out", tarOfFiles(layoutOf(tarOf(entry{name: "../x"}))), `entry "../x": leads out of the archive`},
		{"a layer is no tar", tarOfFiles(layoutOf([]byte(strings.Repeat("text", 200)))), "layer 1 ("},
		{"a layer is cut", tarOfFiles(layoutOf(cut(gzipOf(lower), 9))), "unexpected EOF"},
		{"a layer is a bomb", tarOfFiles(layoutOf(bomb(t, 20<<20, func(w io.Writer) io.WriteCloser { return newGzip(w) }))), "unpacks to more than 100 times its size (limit: ratio)"},
		{"a white-out of the folder", tarOfFiles(layoutOf(tarOf(entry{name: "a/.wh.."}))), `entry "a/.wh..": is a white-out of no file`},
	} {
		_, err := openBytes(c.b, "x.tar", archive.Options{Limits: archive.Limits{Layers: 5}})
		if err == nil || !strings.Contains(err.Error(), c.want) || fault.HintOf(err) == "" {
			t.Errorf("%s: %v, want %s", c.what, err, c.want)
		}
	}
}

// without leaves the files out whose names end so.
func without(files map[string][]byte, suffix string) []byte {
	maps.DeleteFunc(files, func(name string, _ []byte) bool { return strings.HasSuffix(name, suffix) })
	return tarOfFiles(files)
}

func savedLayers(files map[string][]byte, layers ...string) []byte {
	files = maps.Clone(files)
	files["manifest.json"] = jsonOf([]object{{"Config": "c.json", "Layers": layers}})
	files["c.json"] = savedConfig
	return tarOfFiles(files)
}

var savedConfig = jsonOf(object{"rootfs": object{"diff_ids": []string{digest(lower)}}})

// changedManifest is a layout whose manifest is another than its index says.
func changedManifest() []byte {
	files := layoutOf(lower)
	for name, b := range files {
		if bytes.HasPrefix(b, []byte(`{"config":{"digest"`)) {
			files[name] = append(bytes.Clone(b), ' ')
		}
	}
	return tarOfFiles(files)
}

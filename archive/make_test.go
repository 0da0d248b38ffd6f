package archive_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"nacre/archive"
	"nacre/internal/testkit"
)

// entry is one of an archive that a test makes. A name with a slash at its end
// is a folder's; one with a link is a symbolic link.
type entry struct {
	name, body, link string
	typ              byte // of tar; 0 is what the name says
}

func (e entry) header() *tar.Header {
	h := &tar.Header{Name: e.name, Size: int64(len(e.body)), Mode: 0o644, Typeflag: e.typ, Linkname: e.link, ModTime: time.Unix(1_700_000_000, 0)}
	switch {
	case e.typ == tar.TypeXGlobalHeader:
		return &tar.Header{Typeflag: e.typ, PAXRecords: map[string]string{"comment": "a commit"}}
	case e.typ != 0:
	case e.link != "":
		h.Typeflag = tar.TypeSymlink
	case strings.HasSuffix(e.name, "/"):
		h.Typeflag = tar.TypeDir
	default:
		h.Typeflag = tar.TypeReg
	}
	return h
}

func tarOf(entries ...entry) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		if err := w.WriteHeader(e.header()); err != nil {
			panic(err)
		}
		w.Write([]byte(e.body))
	}
	w.Close()
	return b.Bytes()
}

func zipOf(entries ...entry) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate, Modified: time.Unix(1_700_000_000, 0)}
		h.SetMode(0o644)
		if e.link != "" {
			h.SetMode(0o777 | fs.ModeSymlink)
			e.body = e.link
		}
		f, err := w.CreateHeader(h)
		if err != nil {
			panic(err)
		}
		f.Write([]byte(e.body))
	}
	w.Close()
	return b.Bytes()
}

func newGzip(w io.Writer) *gzip.Writer { return gzip.NewWriter(w) }

func gzipOf(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

func newZstd(w io.Writer) *zstd.Encoder {
	z, err := zstd.NewWriter(w)
	if err != nil {
		panic(err)
	}
	return z
}

func zstdOf(b []byte) []byte { return newZstd(nil).EncodeAll(b, nil) }

// packedBy packs with a program.
func packedBy(t testing.TB, b []byte, program string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(testkit.Need(t, program), args...)
	cmd.Stdin = bytes.NewReader(b)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func openBytes(b []byte, name string, opt archive.Options) (*archive.FS, error) {
	return archive.Open(context.Background(), bytes.NewReader(b), int64(len(b)), name, opt)
}

func mustOpen(t testing.TB, b []byte, name string, opt archive.Options) *archive.FS {
	t.Helper()
	f, err := openBytes(b, name, opt)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// list writes a tree, one entry a line: "dir/", "file=contents", "link -> to",
// "device?".
func list(t testing.TB, fsys fs.FS) string {
	t.Helper()
	var lines []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name == ".":
		case d.IsDir():
			lines = append(lines, name+"/")
		case d.Type()&fs.ModeSymlink != 0:
			target, err := fs.ReadLink(fsys, name)
			if err != nil {
				return err
			}
			lines = append(lines, name+" -> "+target)
		case !d.Type().IsRegular():
			lines = append(lines, name+"?")
		default:
			b, err := fs.ReadFile(fsys, name)
			if err != nil {
				b = []byte("!" + err.(*fs.PathError).Err.Error())
			}
			lines = append(lines, name+"="+string(b))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}

func jsonOf(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

type object = map[string]any

// layoutOf makes an OCI layout of one image: its files by name.
func layoutOf(layers ...[]byte) map[string][]byte {
	files := map[string][]byte{"oci-layout": []byte(`{"imageLayoutVersion":"1.0.0"}`)}
	files["index.json"] = jsonOf(object{"schemaVersion": 2, "manifests": []any{imageInto(files, "amd64", layers...)}})
	return files
}

// imageInto adds an image's blobs to a layout, and gives its descriptor.
func imageInto(files map[string][]byte, arch string, layers ...[]byte) object {
	add := func(b []byte) object {
		files["blobs/sha256/"+strings.TrimPrefix(digest(b), "sha256:")] = b
		return object{"digest": digest(b), "size": len(b)}
	}
	var all []any
	for _, l := range layers {
		all = append(all, add(l))
	}
	config := add(jsonOf(object{"os": "linux", "architecture": arch, "config": object{
		"Env": []string{"PERL5LIB=/srv/lib"}, "Entrypoint": []string{"/srv/run"}, "Cmd": []string{"-v"},
		"WorkingDir": "/srv", "Labels": object{"a": "b"},
	}}))
	d := add(jsonOf(object{"schemaVersion": 2, "config": config, "layers": all}))
	d["platform"] = object{"os": "linux", "architecture": arch}
	return d
}

// savedOf makes what docker save writes: its files by name.
func savedOf(tag string, layers ...[]byte) map[string][]byte {
	files := map[string][]byte{}
	var names, ids []string
	for i, l := range layers {
		name := fmt.Sprintf("%064d/layer.tar", i)
		files[name], names, ids = l, append(names, name), append(ids, digest(l))
	}
	config := jsonOf(object{"os": "linux", "architecture": "amd64", "config": object{"WorkingDir": "/srv"}, "rootfs": object{"diff_ids": ids}})
	name := strings.TrimPrefix(digest(config), "sha256:") + ".json"
	files[name] = config
	files["manifest.json"] = jsonOf([]object{{"Config": name, "RepoTags": []string{tag}, "Layers": names}})
	return files
}

// tarOfFiles puts files into a tar by name.
func tarOfFiles(files map[string][]byte) []byte {
	var entries []entry
	for _, name := range sortedKeys(files) {
		entries = append(entries, entry{name: name, body: string(files[name])})
	}
	return tarOf(entries...)
}

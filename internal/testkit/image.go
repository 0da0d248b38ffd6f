package testkit

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// SaveImage writes an image as docker save does, a tar with one tar for each
// layer. The layers are folders, the lowest first: a file .wh.NAME takes NAME
// of those below away, and .wh..wh..opq all that its folder had. Config is
// what the image's configuration says under "config": {"Entrypoint": [...]}.
func SaveImage(w io.Writer, config []byte, layers ...fs.FS) error {
	out := tar.NewWriter(w)
	add := func(name string, b []byte) error {
		if err := out.WriteHeader(&tar.Header{Name: name, Size: int64(len(b)), Mode: 0o644}); err != nil {
			return err
		}
		_, err := out.Write(b)
		return err
	}
	var names, ids []string
	for i, l := range layers {
		b, err := layer(l)
		if err != nil {
			return err
		}
		names, ids = append(names, fmt.Sprintf("%064d/layer.tar", i)), append(ids, digest(b))
		if err := add(names[i], b); err != nil {
			return err
		}
	}
	b, err := configuration(config, ids)
	if err != nil {
		return err
	}
	name := digest(b)[len("sha256:"):] + ".json"
	if err := add(name, b); err != nil {
		return err
	}
	b, err = json.Marshal([]any{map[string]any{"Config": name, "RepoTags": []string{"made:latest"}, "Layers": names}})
	if err != nil {
		return err
	}
	if err := add("manifest.json", b); err != nil {
		return err
	}
	return out.Close()
}

// WriteLayout writes an image into a folder in OCI layout, with packed layers;
// else it is as SaveImage.
func WriteLayout(dir string, config []byte, layers ...fs.FS) error {
	type descriptor struct {
		MediaType string            `json:"mediaType"`
		Digest    string            `json:"digest"`
		Size      int               `json:"size"`
		Platform  map[string]string `json:"platform,omitempty"`
	}
	write := func(name string, b []byte) error {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		return os.WriteFile(name, b, 0o666)
	}
	blob := func(media string, b []byte) (descriptor, error) {
		id := digest(b)
		return descriptor{MediaType: "application/vnd.oci.image." + media, Digest: id, Size: len(b)},
			write("blobs/sha256/"+id[len("sha256:"):], b)
	}
	var all []descriptor
	var ids []string
	for _, l := range layers {
		b, err := layer(l)
		if err != nil {
			return err
		}
		ids = append(ids, digest(b))
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		w.Write(b) // into memory, which takes everything
		w.Close()
		d, err := blob("layer.v1.tar+gzip", packed.Bytes())
		if err != nil {
			return err
		}
		all = append(all, d)
	}
	b, err := configuration(config, ids)
	if err != nil {
		return err
	}
	c, err := blob("config.v1+json", b)
	if err != nil {
		return err
	}
	b, err = json.Marshal(map[string]any{"schemaVersion": 2, "config": c, "layers": all})
	if err != nil {
		return err
	}
	m, err := blob("manifest.v1+json", b)
	if err != nil {
		return err
	}
	m.Platform = map[string]string{"os": "linux", "architecture": "amd64"}
	b, err = json.Marshal(map[string]any{"schemaVersion": 2, "manifests": []descriptor{m}})
	if err != nil {
		return err
	}
	if err := write("index.json", b); err != nil {
		return err
	}
	return write("oci-layout", []byte(`{"imageLayoutVersion":"1.0.0"}`))
}

// layer is the tar of a folder.
func layer(fsys fs.FS) ([]byte, error) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.AddFS(fsys); err != nil {
		return nil, err
	}
	err := w.Close()
	return b.Bytes(), err
}

func configuration(config []byte, ids []string) ([]byte, error) {
	return json.Marshal(map[string]any{
		"os": "linux", "architecture": "amd64", "config": json.RawMessage(config),
		"rootfs": map[string]any{"type": "layers", "diff_ids": ids},
	})
}

func digest(b []byte) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(b)) }

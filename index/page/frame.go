package page

import (
	"bytes"
	"html/template"

	"nacre/index"
)

// Frame puts pages that are not of the index into what all of its pages share: a
// server's forms and answers. It is safe for concurrent use.
type Frame struct {
	shell *shell
	site  index.Site
}

// NewFrame reads the templates once, for as many pages as there will be.
func NewFrame(site index.Site) *Frame { return &Frame{shell: newShell(), site: site} }

// Page gives a page with main as its content, which ought to have a heading of the
// first level. The path, "scan/index.html", says where the page is, so that its
// links lead from there to the files of the index, whose assets it needs. Title and
// about are text, and may be whatever a person sent; main is markup, made by
// html/template.
func (f *Frame) Page(path, title, about string, main template.HTML) ([]byte, error) {
	var b bytes.Buffer
	err := f.shell.render(&b, f.site, &page{Path: path, Title: title, About: about, Body: "framed", Data: main})
	return b.Bytes(), err
}

// Assets are the style and the scripts that pages name.
func (f *Frame) Assets() []index.File {
	files, err := f.shell.assetFiles()
	if err != nil { // the files are inside the program, and were read before
		return nil
	}
	return files
}

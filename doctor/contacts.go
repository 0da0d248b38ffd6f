package doctor

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"nacre/bundled"
	"nacre/inventory"
	"nacre/jsondoc"
	"nacre/policy"
	"nacre/unified"
)

var (
	anyAt  = lazy(`@|\(at\)|\[at\]| at `)
	madeUp = lazy(`(?i)@(?:[\w.-]+\.)?(?:example\.(?:com|net|org)|localhost|localdomain)$|@[^.]*$|^(?:author|you|your|name|nobody|none|unknown)@`)
)

// maxPeople bounds the authors that are looked at.
const maxPeople = 100

// contacts judges the addresses of META by their form.
func (e *examination) contacts() {
	d, ok := e.doc()
	if !ok {
		return
	}
	seen := map[string]bool{}
	told := 0
	see := func(what string, n *jsondoc.Node) {
		if told++; told > maxPeople {
			return
		}
		text := strings.TrimSpace(n.Text)
		if text == "" || text == "unknown" {
			return // M08
		}
		all := policy.Addresses(text)
		switch {
		case len(all) > 0:
		case strings.Contains(text, "@"):
			e.add("K03", d.name, n.Line, fmt.Sprintf("%s has something that looks like an address, and is none", what), "as in Kim <kim@acme-demo.example>")
			return
		case !anyAt().MatchString(text):
			e.add("K02", d.name, n.Line, fmt.Sprintf("%s has no address", what), "add one that you read, or say in the SECURITY file whom to write to")
			return
		}
		for _, a := range all {
			switch {
			case seen[a]:
			case policy.IsForwarding(a):
				e.add("K01", d.name, n.Line, fmt.Sprintf("%s has %s, which is forwarded to nobody", what, a), "put an address there that you read")
			case madeUp().MatchString(a):
				e.add("K03", d.name, n.Line, fmt.Sprintf("%s has %s, which is a placeholder", what, a), "put an address there that you read")
			}
			seen[a] = true
		}
	}
	texts(d.Tree.Get("author"), []string{"author"}, func(_ []string, n *jsondoc.Node) { see("author", n) })
	if n := d.Tree.At("resources", "bugtracker", "mailto"); n.Str() != "" {
		see("resources bugtracker.mailto", n)
	}
}

// documentation looks for forwarding addresses where people look for one: the
// README, CONTRIBUTING and the main module. One is told of each file.
func (e *examination) documentation() {
	var names []string
	if entries, err := fs.ReadDir(e.fsys, "."); err == nil {
		for _, x := range entries {
			if base := strings.ToUpper(x.Name()); strings.HasPrefix(base, "README") || strings.HasPrefix(base, "CONTRIBUTING") {
				names = append(names, x.Name())
			}
		}
	}
	for _, m := range e.facts.Modules {
		if m.Name == e.facts.MainModule && m.File != "" {
			names = append(names, m.File)
			break
		}
	}
	for _, name := range names {
		text, _ := e.text(name)
		for i, l := range unified.Lines([]byte(text)) {
			if !strings.Contains(strings.ToLower(l), "cpan") {
				continue
			}
			a := slices.IndexFunc(policy.Addresses(l), policy.IsForwarding)
			if a >= 0 {
				e.add("K04", name, i+1, fmt.Sprintf("it has %s, which is forwarded to nobody", policy.Addresses(l)[a]), "put an address there that you read, or none")
				break
			}
		}
	}
}

// policy looks at the SECURITY file.
func (e *examination) policy(ctx context.Context) error {
	known := policy.Facts{}
	if d, ok := e.doc(); ok {
		known = policy.FactsOf(d.Fields())
	}
	known.Dist, known.Version, known.Now = e.dist, e.version, e.opt.Now
	if c := e.facts.Changes; c != nil {
		if entry, ok := c.Of(e.version); ok {
			if day, err := time.Parse(time.DateOnly, entry.Date); err == nil {
				known.Released = day
			}
		}
	}
	inside, err := bundled.Find(ctx, e.fsys, bundled.Options{Dist: e.dist})
	if err != nil {
		e.notices = append(e.notices, inventory.Notice{Text: "libraries inside were not looked for: " + err.Error(), Partial: true})
	}
	seen := map[string]bool{}
	for _, l := range inside.Libraries {
		if (l.Kind == bundled.C || l.Kind == bundled.JavaScript) && l.Name != "" && !seen[l.Name] {
			seen[l.Name] = true
			known.Embedded = append(known.Embedded, l.Name)
		}
	}
	r, err := policy.CheckTree(ctx, e.fsys, known)
	if err != nil {
		return e.unread(ctx, "the security policy", err)
	}
	e.take("security policy", r.Findings)
	for i := range e.out {
		f := &e.out[i]
		switch {
		case f.ID != "S01" || r.File == "":
		case f.File == "MANIFEST":
			f.edits = []edit{{file: f.File, after: r.File}}
		case f.File == r.File && strings.Contains(r.File, "/"): // only where a forge looks
			if text, ok := e.text(r.File); ok {
				f.edits = []edit{{file: path.Base(r.File), after: text, create: true}}
			}
		}
	}
	return nil
}

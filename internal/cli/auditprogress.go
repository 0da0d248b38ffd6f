package cli

import (
	"fmt"
	"time"
)

// auditProgress shows on a terminal how far an audit has come, where it takes
// more than a second.
type auditProgress struct {
	env            *Env
	total          int
	started, shown time.Time
}

func (p *auditProgress) show(done int, size int64) {
	if !p.env.IsTerminal(p.env.Stderr) {
		return
	}
	now := time.Now()
	if now.Sub(p.started) < watchAfter || now.Sub(p.shown) < watchEvery {
		return
	}
	p.shown = now
	fmt.Fprintf(p.env.Stderr, "\rlooked at %d of %d files, %.1f MB\x1b[K", done, p.total, float64(size)/1e6)
}

func (p *auditProgress) clear() {
	if !p.shown.IsZero() {
		fmt.Fprint(p.env.Stderr, "\r\x1b[K")
		p.shown = time.Time{}
	}
}

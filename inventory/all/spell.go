package all

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"nacre/inventory"
)

// maxMisspelled is how many names that may be wrong have a notice each.
const maxMisspelled = 20

// spell looks at the names of those components that no installer and no index
// wrote. One that is a guess from a package's name gets the spelling of the
// advisory data: nothing would be found under another, and that would look like
// a clean answer. One that somebody wrote is somebody's claim: a notice asks.
func (l *linker) spell(ctx context.Context, components []int) error {
	components = slices.DeleteFunc(slices.Clone(components), func(i int) bool {
		c := &l.inv.Components[i]
		return c.Dist == "" || c.Dist == "perl" || !isGuess(c) && (c.ByName || c.Path != "" || l.by != lock)
	})
	if len(components) == 0 {
		return nil
	}
	names := make([]string, len(components))
	for n, i := range components {
		names[n] = string(l.inv.Components[i].Dist)
	}
	spelled, err := l.opt.Modules.Spelled(ctx, names)
	if err != nil {
		return fmt.Errorf("ask how distributions are spelled: %w", err)
	}
	told := 0
	for n, i := range components {
		c, known := &l.inv.Components[i], spelled[n]
		switch {
		case len(known) == 0, slices.Contains(known, c.Dist):
			continue
		case isGuess(c) && len(known) == 1:
			c.Dist = known[0]
			continue
		}
		if told++; told > maxMisspelled {
			continue
		}
		alike := make([]string, len(known))
		for k, d := range known {
			alike[k] = string(d)
		}
		l.inv.Notices = append(l.inv.Notices, inventory.Notice{
			Partial: true, At: c.Evidence[0],
			Text: fmt.Sprintf("nothing is known of %s, but of %s: is that meant?", c.Dist, strings.Join(alike, " and ")),
		})
	}
	if more := told - maxMisspelled; more > 0 {
		l.inv.Notices = append(l.inv.Notices, inventory.Notice{Partial: true, Text: fmt.Sprintf("%d more names are spelled otherwise in the advisory data", more)})
	}
	return nil
}

// isGuess reports whether a component has its distribution from the name of a
// package alone.
func isGuess(c *inventory.Component) bool {
	return c.ByName && c.Package != nil && len(c.Modules) == 0
}

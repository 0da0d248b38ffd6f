package input

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/perlsrc"
)

// settings are words of names of what an administrator writes.
var settings = []string{"conf", "config", "cfg", "configuration", "settings", "preferences", "prefs", "rc", "rcfile"}

// isSetting reports whether a name says that it is a configuration, or what reads
// or holds one: $config, CONF, site_conf.
func isSetting(name string) bool {
	words := purpose.Words(name)
	return len(words) > 0 && slices.Contains(settings, words[len(words)-1])
}

// ofSettings reports whether a field lies in a configuration: $self->{conf}{dir},
// $c->config->{dir}.
func (r *reader) ofSettings(n perlsrc.NodeID) bool {
	t := r.tree
	for range maxDepth {
		if t.Nodes[n].Kind != perlsrc.AccessNode {
			break
		}
		base := t.Nodes[n].Child
		for s := t.Nodes[base].Next; s != 0 && t.Nodes[s].Next != 0; s = t.Nodes[s].Next {
			if key, ok := t.Literal(t.Nodes[s].Child); ok && isSetting(key) {
				return true
			}
		}
		n = base
	}
	return t.Nodes[n].Kind == perlsrc.CallNode && isSetting(t.Callee(n))
}

// getters are methods that give one of several settings by its name.
var getters = []string{"get", "val", "value", "param", "setting", "getval", "item", "fetch"}

// isSettingOf reports whether a method gives a setting: $app->config('dir'),
// $config->get('dir'), $r->dir_config('Dir').
func isSettingOf(on, name string, args int) bool {
	return args > 0 && (isSetting(name) || isSetting(on) && slices.Contains(getters, name))
}

// isConfiguration reports whether an object's name says that all its methods give
// settings: $conf->root, $self->config->port. A $rc is as often what a call gave.
func isConfiguration(on string) bool {
	return isSetting(on) && !strings.HasSuffix(strings.ToLower(on), "rc")
}

// namesSetting reports whether a file is a configuration by its name, or by that of
// the variable that holds it: "$dir/acme.conf", $config_file, but not
// "$config->{uploads}/$name".
func (r *reader) namesSetting(n perlsrc.NodeID) bool {
	name := audit.NameOf(r.tree, n)
	if name == "" {
		text := r.tree.Text(n)
		name = string(text[max(0, len(text)-maxShown):])
		name = name[strings.LastIndexByte(name, '/')+1:]
	}
	return slices.ContainsFunc(purpose.Words(name), func(w string) bool { return slices.Contains(settings, w) })
}

package app

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"nacre/fault"
	"nacre/index"
	"nacre/internal/indexbuild"
	"nacre/internal/web"
	"nacre/limit"
)

// settings are what nacred serve is told by its file and the environment;
// docs/serve.md describes each.
type settings struct {
	listen string
	// index is the folder that is served. Where there are sources it is built of
	// them, else somebody else builds it.
	index       string
	sources     []string
	curation    string
	metadata    string
	work        string
	key         string
	nextKey     string
	every       time.Duration
	maxLoss     float64
	acceptOlder bool
	site        index.Site

	requests  bool
	addresses web.Addresses
	proxies   []netip.Prefix
	metrics   bool
	limits    web.Limits
	maxQuery  int64
	scanTime  time.Duration
	scans     int
}

// setting is one key of the file. In the environment it is NACRED_ and the key in
// capitals; a list is written with blanks there.
type setting struct {
	key, usual, text string
	list             bool
	set              func(s *settings, values []string) error
}

// maxSettings is the size of the file.
const maxSettings = 256 << 10

// serveSettings are all settings, in the order in which they are explained.
func serveSettings() []setting {
	return []setting{
		{"listen", "127.0.0.1:8080", "the address and port to listen at", false, text(func(s *settings) *string { return &s.listen })},
		{"index", "", "the folder of the index (needed)", false, text(func(s *settings) *string { return &s.index })},
		{"sources", "", "what the index is built of, folders, files or addresses; without any it is only read, and somebody else builds it", true, func(s *settings, v []string) error { s.sources = v; return nil }},
		{"curation", "", "a folder of corrections, for building", false, text(func(s *settings) *string { return &s.curation })},
		{"metadata", "", "a folder of unpacked releases or of META files, for building: how to report to each distribution", false, text(func(s *settings) *string { return &s.metadata })},
		{"work", "", "a folder for what the next build can use; sources that are addresses need it", false, text(func(s *settings) *string { return &s.work })},
		{"key", "", "the file of the key that signs; without one the index is not signed", false, text(func(s *settings) *string { return &s.key })},
		{"next_key", "", "the verifier key that is going to follow", false, text(func(s *settings) *string { return &s.nextKey })},
		{"every", "1h", "how often the index is built or read again; 0 is only on SIGHUP", false, duration(func(s *settings) *time.Duration { return &s.every })},
		{"max_loss", "0.05", "which share of records may be gone since the build before", false, func(s *settings, v []string) error { return share(v[0], &s.maxLoss) }},
		{"accept_older", "false", "take sources whose data is older than in the build before", false, truth(func(s *settings) *bool { return &s.acceptOlder })},
		{"title", index.DefaultSite().Title, "the index's name", false, text(func(s *settings) *string { return &s.site.Title })},
		{"url", index.DefaultSite().URL, "the address of its root, with a slash at the end", false, text(func(s *settings) *string { return &s.site.URL })},
		{"publisher", index.DefaultSite().Publisher, "who answers for it", false, text(func(s *settings) *string { return &s.site.Publisher })},
		{"namespace", index.DefaultSite().Namespace, "the publisher's own address", false, text(func(s *settings) *string { return &s.site.Namespace })},
		{"category", index.DefaultSite().Category, "what the publisher is: coordinator, discoverer, other, translator, user or vendor", false, text(func(s *settings) *string { return &s.site.Category })},
		{"contact", "", "the publisher's mail or https address", false, text(func(s *settings) *string { return &s.site.Contact })},
		{"log_requests", "true", "log a line for each request", false, truth(func(s *settings) *bool { return &s.requests })},
		{"log_addresses", "short", "how clients are logged: off, short (their network) or full", false, func(s *settings, v []string) (err error) { s.addresses, err = web.ParseAddresses(v[0]); return err }},
		{"proxies", "", "networks of the proxies in front, whose X-Forwarded-For is believed", true, func(s *settings, v []string) (err error) { s.proxies, err = networks(v); return err }},
		{"metrics", "true", "answer /metrics; let the proxy in front keep it from others", false, truth(func(s *settings) *bool { return &s.metrics })},
		{"rate", "50", "requests a second that one client may send for long; 0 is without a limit", false, number(func(s *settings) *float64 { return &s.limits.Rate }, 0, 1e6)},
		{"burst", "200", "requests that one client may send at once", false, number(func(s *settings) *float64 { return &s.limits.Burst }, 1, 1e6)},
		{"clients", "100000", "clients that are remembered for that", false, whole(func(s *settings, n int64) { s.limits.Clients = int(n) }, 16, 10_000_000)},
		{"connections", "1024", "connections that are open at once", false, whole(func(s *settings, n int64) { s.limits.Connections = int(n) }, 1, 1_000_000)},
		{"max_query", "1048576", "bytes of a query or a batch", false, whole(func(s *settings, n int64) { s.maxQuery = n }, 1024, 64<<20)},
		{"max_upload", "5242880", "bytes of a file that is posted to be scanned", false, whole(func(s *settings, n int64) { s.limits.MaxUpload = n }, 1024, 256<<20)},
		{"scans", "2", "scans that run at once", false, whole(func(s *settings, n int64) { s.scans = int(n) }, 1, 1024)},
		{"scan_time", "10s", "how long one scan may take", false, duration(func(s *settings) *time.Duration { return &s.scanTime })},
		{"header_time", "5s", "how long the header of a request may take", false, duration(func(s *settings) *time.Duration { return &s.limits.Header })},
		{"read_time", "30s", "how long all of a request may take", false, duration(func(s *settings) *time.Duration { return &s.limits.Read })},
		{"write_time", "1m", "how long an answer may take", false, duration(func(s *settings) *time.Duration { return &s.limits.Write })},
		{"idle_time", "2m", "how long a connection stays open between requests", false, duration(func(s *settings) *time.Duration { return &s.limits.Idle })},
		{"header_bytes", "16384", "bytes of a request's header", false, whole(func(s *settings, n int64) { s.limits.HeaderBytes = int(n) }, 1024, 1<<20)},
		{"grace", "15s", "how long running requests may go on when the server stops", false, duration(func(s *settings) *time.Duration { return &s.limits.Grace })},
	}
}

func text(to func(*settings) *string) func(*settings, []string) error {
	return func(s *settings, v []string) error { *to(s) = v[0]; return nil }
}

func truth(to func(*settings) *bool) func(*settings, []string) error {
	return func(s *settings, v []string) error {
		switch v[0] {
		case "true":
			*to(s) = true
		case "false":
			*to(s) = false
		default:
			return fault.New(fault.Invalid, "%s is neither true nor false", fault.Quote(v[0]))
		}
		return nil
	}
}

func duration(to func(*settings) *time.Duration) func(*settings, []string) error {
	return func(s *settings, v []string) error {
		d, err := time.ParseDuration(v[0])
		if err != nil || d < 0 {
			return fault.New(fault.Invalid, "%s is no duration", fault.Quote(v[0])).WithHint("write it as 90s, 15m or 1h")
		}
		*to(s) = d
		return nil
	}
}

func number(to func(*settings) *float64, from, most float64) func(*settings, []string) error {
	return func(s *settings, v []string) error {
		f, err := strconv.ParseFloat(v[0], 64)
		if err != nil || !(f >= from && f <= most) {
			return fault.New(fault.Invalid, "%s is no number from %v to %v", fault.Quote(v[0]), from, most)
		}
		*to(s) = f
		return nil
	}
}

func share(v string, to *float64) error {
	f, err := strconv.ParseFloat(v, 64)
	if err != nil || !(f >= 0 && f <= 1) {
		return fault.New(fault.Invalid, "%s is no share, which is 0 to 1", fault.Quote(v))
	}
	*to = f
	return nil
}

func whole(set func(*settings, int64), from, most int64) func(*settings, []string) error {
	return func(s *settings, v []string) error {
		n, err := strconv.ParseInt(v[0], 10, 64)
		if err != nil || n < from || n > most {
			return fault.New(fault.Invalid, "%s is no whole number from %d to %d", fault.Quote(v[0]), from, most)
		}
		set(s, n)
		return nil
	}
}

func networks(values []string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, v := range values {
		p, err := netip.ParsePrefix(v)
		if err != nil {
			ip, ierr := netip.ParseAddr(v)
			if ierr != nil {
				return nil, fault.New(fault.Invalid, "%s is no network", fault.Quote(v)).WithHint("write it as 192.0.2.0/24 or as an address")
			}
			p = netip.PrefixFrom(ip, ip.BitLen())
		}
		all = append(all, p.Masked())
	}
	return all, nil
}

// variable is the name of a setting in the environment.
func (s *setting) variable() string { return "NACRED_" + strings.ToUpper(s.key) }

// readServeSettings joins what is usual, the file and the environment, the last of
// which wins. in may be nil.
func readServeSettings(in io.Reader, getenv func(string) string) (*settings, error) {
	s := &settings{}
	all := serveSettings()
	for _, one := range all {
		if one.usual == "" || one.list {
			continue
		}
		if err := one.set(s, []string{one.usual}); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "the usual %s", one.key)
		}
	}
	if in != nil {
		if err := readFile(s, all, in); err != nil {
			return nil, err
		}
	}
	for _, one := range all {
		v := getenv(one.variable())
		if v == "" {
			continue
		}
		values := []string{v}
		if one.list {
			values = strings.Fields(v)
		}
		if err := one.set(s, values); err != nil {
			return nil, wrong(err, one.variable())
		}
	}
	return s, s.check()
}

// wrong says where a value stands that is none.
func wrong(err error, where string) error {
	return fault.Wrap(fault.Invalid, err, "%s", where).WithHint("%s", cmp.Or(fault.HintOf(err), meant("")))
}

const settingsHint = "docs/serve.md shows a file that works"

// readFile reads the file of settings: one map of YAML, of known keys.
func readFile(s *settings, all []setting, in io.Reader) error {
	b, err := limit.ReadAll(in, maxSettings, "settings size")
	if err != nil {
		return err
	}
	if !utf8.Valid(b) {
		return fault.New(fault.Invalid, "it is not UTF-8").WithHint("save it as UTF-8")
	}
	loader, err := yaml.NewLoader(bytes.NewReader(b), yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(8))))
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "it is no YAML").WithHint(settingsHint)
	}
	var doc, second yaml.Node
	switch err := loader.Load(&doc); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return fault.Wrap(fault.Invalid, err, "it is no YAML").WithHint(settingsHint)
	}
	if err := loader.Load(&second); !errors.Is(err, io.EOF) {
		return fault.New(fault.Invalid, "it has more than one document").WithHint("take out the line --- between them")
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return fault.New(fault.Invalid, "it is no map of keys and values").WithHint(settingsHint)
	}
	seen := map[string]bool{}
	for pairs := range slices.Chunk(doc.Content[0].Content, 2) {
		k, v := pairs[0], pairs[1]
		i := slices.IndexFunc(all, func(one setting) bool { return one.key == k.Value })
		where := fmt.Sprintf("line %d", k.Line)
		switch {
		case i < 0 || k.Kind != yaml.ScalarNode:
			return fault.New(fault.Invalid, "%s: no setting is called %s", where, fault.Quote(k.Value)).WithHint("%s", meant(near(k.Value, keys(all))))
		case seen[k.Value]:
			return fault.New(fault.Invalid, "%s: %s stands there twice", where, k.Value).WithHint("keep one of them")
		}
		seen[k.Value] = true
		values, err := valuesOf(v, all[i].list)
		if err == nil && len(values) > 0 {
			err = all[i].set(s, values)
		}
		if err != nil {
			return wrong(err, where+": "+k.Value)
		}
	}
	return nil
}

func keys(all []setting) []string {
	var names []string
	for _, one := range all {
		names = append(names, one.key)
	}
	return names
}

// valuesOf reads a value: a scalar as it is spelled, or a list of them. Nothing at all
// leaves the usual.
func valuesOf(v *yaml.Node, list bool) ([]string, error) {
	scalar := func(n *yaml.Node) (string, error) {
		if n.Kind != yaml.ScalarNode || n.ShortTag() == "!!null" {
			return "", fault.New(fault.Invalid, "a value is a word or a number")
		}
		return n.Value, nil
	}
	switch {
	case v.Kind == yaml.ScalarNode && v.ShortTag() == "!!null":
		return nil, nil
	case v.Kind == yaml.SequenceNode && list:
		var all []string
		for _, n := range v.Content {
			one, err := scalar(n)
			if err != nil {
				return nil, err
			}
			all = append(all, one)
		}
		return all, nil
	case v.Kind == yaml.SequenceNode:
		return nil, fault.New(fault.Invalid, "it has one value, not a list")
	}
	one, err := scalar(v)
	return []string{one}, err
}

// check holds the settings together.
func (s *settings) check() error {
	if s.index == "" {
		return fault.New(fault.Invalid, "index is not set").WithHint("name the folder of the index: index: site, or NACRED_INDEX=site")
	}
	if u, err := url.Parse(s.site.URL); err != nil || u.Path == "" || s.site.URL[len(s.site.URL)-1] != '/' {
		return fault.New(fault.Invalid, "url %s has no slash at its end", fault.Quote(s.site.URL)).WithHint("as in https://advisories.example/")
	}
	if len(s.sources) == 0 && (s.curation != "" || s.metadata != "" || s.key != "" || s.work != "" || s.nextKey != "") {
		return fault.New(fault.Invalid, "curation, metadata, work, key and next_key are for building, and there are no sources").WithHint("set sources, or take them out")
	}
	return s.site.Check()
}

// builder makes what builds the index of these settings.
func (s *settings) builder(env *Env) (*indexbuild.Builder, error) {
	f := buildFlags{
		sourceFlags: sourceFlags{from: s.sources, curation: s.curation, metadata: s.metadata, work: s.work, acceptOlder: s.acceptOlder, site: s.site},
		out:         s.index, key: s.key, nextKey: s.nextKey, unsigned: s.key == "", expires: indexbuild.DefaultExpires, maxLoss: s.maxLoss,
	}
	return f.builder(env)
}

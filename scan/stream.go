package scan

import (
	"nacre/advisory"
	"nacre/cpan"
	"nacre/inventory"
)

// Schema names the stream's format and version. Fields are only ever added to
// it; removing or changing one makes a new version, and recordings of every
// version stay readable.
const Schema = "nacre.scan/1"

// Message is one line of a scan's stream. Exactly one field is set. The order
// is: one Config, then Findings in order of component and advisory, then Fixes
// in order of distribution, then Notices, then one Summary.
//
// As JSON Lines it is what `nacre scan --format json` prints and what
// `nacre scan --replay` reads; docs/formats/scan.md describes it.
type Message struct {
	Config  *Config  `json:"config,omitempty"`
	Finding *Finding `json:"finding,omitempty"`
	Fix     *Fix     `json:"fix,omitempty"`
	Notice  *Notice  `json:"notice,omitempty"`
	Summary *Summary `json:"summary,omitempty"`
}

// Handler takes a stream in order. An error stops the scan.
type Handler interface {
	Handle(Message) error
}

// Config is the first message: what was asked, and of what.
type Config struct {
	Schema   string   `json:"schema"`
	Tool     string   `json:"tool"` // "nacre v0.1.0"
	Time     string   `json:"time"` // RFC 3339, UTC
	Path     string   `json:"path"` // what was scanned, as given
	Name     string   `json:"name,omitempty"`
	Perl     Perl     `json:"perl"`
	Database Database `json:"database"`
	Options  Options  `json:"options"`
	// Components counts what is judged, by kind.
	Components Components `json:"components"`
	// Bill is the bill of materials that was scanned, if it was one.
	Bill *inventory.Bill `json:"bill,omitempty"`
}

// Components counts components by inventory.Kind.
type Components struct {
	Exact       int `json:"exact"`
	Required    int `json:"required"`
	Core        int `json:"core"`
	Interpreter int `json:"interpreter"`
}

// Perl is the perl that the project runs on.
type Perl struct {
	Version string `json:"version,omitempty"` // "" unknown
	AtLeast bool   `json:"at_least,omitempty"`
	From    string `json:"from,omitempty"`
	InTable bool   `json:"in_table"`
}

// Database says which advisories were used.
type Database struct {
	Path       string `json:"path"` // "built-in starter set" for that
	Starter    bool   `json:"starter,omitempty"`
	Built      string `json:"built"` // RFC 3339
	Advisories int    `json:"advisories"`
	Dists      int    `json:"distributions"`
	AgeDays    int    `json:"age_days"`
	Stale      bool   `json:"stale,omitempty"` // older than 7 days, or than --max-db-age
	// Vendors is the security data of vendors that was used.
	Vendors []advisory.VendorFeed `json:"vendors,omitempty"`
}

// Options are the ones that decide what counts.
type Options struct {
	FailOn        string   `json:"fail_on,omitempty"` // severity; "" is any
	FailOnUnknown bool     `json:"fail_on_unknown,omitempty"`
	Strict        bool     `json:"strict,omitempty"`
	OnlyFixed     bool     `json:"only_fixed,omitempty"`
	OnlyLoaded    bool     `json:"only_loaded,omitempty"` // findings of which the project does not load anything are left out
	Exclude       []string `json:"exclude,omitempty"`
	Baseline      string   `json:"baseline,omitempty"`
}

// Component is a component as findings name it.
type Component struct {
	Ref      string               `json:"ref"` // "Plack@1.0047"
	Dist     cpan.Dist            `json:"dist"`
	Version  string               `json:"version,omitempty"`
	Range    string               `json:"range,omitempty"` // a requirement, where no version is known
	Kind     string               `json:"kind"`            // exact, required, core, interpreter
	Scope    string               `json:"scope"`
	PURL     string               `json:"purl,omitempty"`
	Direct   bool                 `json:"direct,omitempty"`
	Itself   bool                 `json:"itself,omitempty"` // the release that is scanned
	Modules  []cpan.Module        `json:"modules,omitempty"`
	Evidence []inventory.Evidence `json:"evidence,omitempty"`
	Notes    []string             `json:"notes,omitempty"`
	Place    string               `json:"place,omitempty"`   // the folder of @INC it is installed in
	ByName   bool                 `json:"by_name,omitempty"` // the distribution is told from modules' names
	Package  *inventory.Package   `json:"package,omitempty"` // that carries it
	InBill   []string             `json:"in_bill,omitempty"` // its references in the bill that was scanned
}

// Finding is one advisory on one component. Only verdicts other than clean are
// findings.
type Finding struct {
	Component Component `json:"component"`
	Advisory  Advisory  `json:"advisory"`
	// Verdict is affected, contradictory or unknown.
	Verdict advisory.Status `json:"verdict"`
	// Admits is set where the component is known only as a range and some,
	// but not all, known releases in it are affected.
	Admits       bool     `json:"admits,omitempty"`
	Reason       string   `json:"reason"`
	Disagreement string   `json:"disagreement,omitempty"`
	Warnings     []string `json:"warnings,omitempty"`
	// Also names further components that carry the same flaw and have no
	// finding of their own for it: "perl@5.36.0", where a module's flaw is
	// recorded on perl too.
	Also []string `json:"also,omitempty"`
	// Paths lead from the project to the component, by reference, shortest
	// first, at most three, each through another requirer. The project itself
	// is not in them, the component is the last: a component that the project
	// requires itself has the path [its own Ref]. None is "path unknown".
	Paths [][]string `json:"paths,omitempty"`
	Fixed FixedIn    `json:"fixed"`
	// Vendor is what decides for a component that a package carries; nil for
	// others.
	Vendor *Vendor `json:"vendor,omitempty"`
	// Reach says whether the project loads what the advisory is about; nil
	// where nobody asked.
	Reach *Reach `json:"reach,omitempty"`
	// Counts is set where the finding decides the exit status.
	Counts bool `json:"counts"`
	// Ignored is set where nacre.yaml, --exclude or a comment silences the
	// finding.
	Ignored *Ignored `json:"ignored,omitempty"`
	// Known is set where the baseline has the same finding.
	Known bool `json:"known,omitempty"`
}

// Vendor is what the maker of a package says about a flaw in it.
type Vendor struct {
	// Status is "fixed", "affected", "not affected" or "unknown", the last
	// also where no data of the vendor was given to Nacre.
	Status string `json:"status"`
	Fixed  string `json:"fixed,omitempty"`  // the package version that mends it
	Note   string `json:"note,omitempty"`   // the vendor's own word: "no-dsa", "will not fix"
	Source string `json:"source,omitempty"` // whose statement: "Debian security tracker"
	URL    string `json:"url,omitempty"`    // the vendor's page on the flaw
	// Changelog is set where the package's changelog names the flaw: weak
	// evidence that it is mended.
	Changelog bool `json:"changelog,omitempty"`
}

// Reach says whether what an advisory is about is loaded, as far as reading
// tells.
type Reach struct {
	// State is "loaded", "not seen" or "unknown".
	State string `json:"state"`
	// What is loaded: a module, a file or a routine that the advisory names,
	// or a module of the distribution where it names none.
	What string `json:"what,omitempty"`
	// Chain leads from an entry point of the project to What: each place is
	// a line that loads the next one's file.
	Chain []Step `json:"chain,omitempty"`
	// Why says what makes it unknown, and At where that stands.
	Why string             `json:"why,omitempty"`
	At  inventory.Evidence `json:"at,omitzero"`
}

// Step is one load: the line At loads Module from File.
type Step struct {
	At     inventory.Evidence `json:"at"`
	Module cpan.Module        `json:"module,omitempty"`
	File   string             `json:"file,omitempty"`
	Test   bool               `json:"test,omitempty"` // the entry point is a test
}

// FixedIn says in which version the flaw is mended.
type FixedIn struct {
	// Basis is "stated" (a source says so), "inferred" (the first known
	// release outside the affected range; where no releases are known, the
	// version that the range ends before) or "none" (none known).
	Basis    string   `json:"basis"`
	Versions []string `json:"versions,omitempty"` // lowest first
}

// Advisory is the part of a record that findings show.
type Advisory struct {
	ID        advisory.ID       `json:"id"`
	Aliases   []advisory.ID     `json:"aliases,omitempty"`
	Title     string            `json:"title"`
	Severity  advisory.Severity `json:"severity"`
	CVSS      []advisory.CVSS   `json:"cvss,omitempty"`
	CWEs      []string          `json:"cwes,omitempty"`
	Published advisory.Date     `json:"published,omitzero"` // or reported, where no publication is stated
	Modified  advisory.Date     `json:"modified,omitzero"`
	Disputed  bool              `json:"disputed,omitempty"`
	Library   string            `json:"library,omitempty"` // "zlib 1.2.11", where the flaw is in a bundled library
	// Affected and Fixed are the ranges that the most authoritative source
	// states for the component's distribution, element by element in its own
	// words; it need not state a fixed one.
	Affected   []string             `json:"affected,omitempty"`
	Fixed      []string             `json:"fixed,omitempty"`
	References []advisory.Reference `json:"references,omitempty"`
	Sources    []string             `json:"sources,omitempty"` // "CPANSec CVE-...", "CPANSA CPANSA-..."
}

// Ignored says why a finding is silenced.
type Ignored struct {
	By            string `json:"by"` // "nacre.yaml", "--exclude", or the file with a comment that says so
	Reason        string `json:"reason"`
	Expires       string `json:"expires,omitempty"`       // YYYY-MM-DD
	Justification string `json:"justification,omitempty"` // VEX, "vulnerable_code_not_in_execute_path"
}

// Fix is the plan for one distribution.
type Fix struct {
	Component string        `json:"component"` // Ref
	Dist      cpan.Dist     `json:"dist"`
	From      string        `json:"from,omitempty"`   // the version, or the range where none is known
	To        string        `json:"to,omitempty"`     // "" where none is possible
	Clears    []advisory.ID `json:"clears,omitempty"` // findings that To mends
	Blocked   []Blocker     `json:"blocked,omitempty"`
	Remaining []advisory.ID `json:"remaining,omitempty"` // no release is known that mends these
	// Direct fixes change a cpanfile line, others add a floor to it.
	Direct bool   `json:"direct"`
	Module string `json:"module,omitempty"` // the module that the cpanfile line names
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"` // 0: add a line
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
	Patch  string `json:"patch,omitempty"` // unified diff
	// Commands are what carton, cpm and cpanm would be told.
	Commands []string `json:"commands,omitempty"`
	Note     string   `json:"note,omitempty"` // "prerequisites of the new release not checked"
}

// Blocker is a recorded requirement that forbids every clean release.
type Blocker struct {
	By    string      `json:"by"` // Ref, or the project's name
	Range string      `json:"range"`
	Of    cpan.Module `json:"module"`
}

// Notice is something that the reader must know beside the findings.
type Notice struct {
	Level string             `json:"level"` // "warning" or "info"
	Text  string             `json:"text"`
	Hint  string             `json:"hint,omitempty"`
	At    inventory.Evidence `json:"at,omitzero"`
	// Partial is set where the answer is incomplete because of it.
	Partial bool `json:"partial,omitempty"`
}

// Summary is the last message.
type Summary struct {
	Components    int `json:"components"` // looked at
	OnRecord      int `json:"on_record"`  // of these, in distributions that the database knows
	Affected      int `json:"affected"`   // findings by verdict, ignored and known ones left out
	Contradictory int `json:"contradictory"`
	Unknown       int `json:"unknown"`
	Admits        int `json:"admits"` // outside the others
	Ignored       int `json:"ignored"`
	Known         int `json:"known"`
	Withdrawn     int `json:"withdrawn"`        // records that would have matched, had they not been withdrawn
	Hidden        int `json:"hidden,omitempty"` // findings that OnlyLoaded leaves out, outside the others
	// VendorFixed counts flaws of upstream versions that packages do not have,
	// by what their vendors say.
	VendorFixed int  `json:"vendor_fixed,omitempty"`
	Partial     bool `json:"partial,omitempty"`
	// Status is the exit status that the findings ask for: 0, 1 or 3.
	Status int `json:"status"`
}

package random

import (
	"fmt"
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
)

// identifiers are the modules whose identifiers are unique and no more.
var identifiers = []generator{
	{module: "Data::UUID", methods: []string{"create", "create_str", "create_hex", "create_bin", "create_b64", "create_from_name", "create_from_name_str", "create_from_name_hex", "create_from_name_b64"}},
	{module: "Data::GUID", functions: []string{"guid_string"}, methods: []string{"new", "guid"}},
	{module: "Data::GUID::Any", functions: []string{"guid_as_string", "v1_guid_as_string"}},
	{module: "UUID::Tiny", functions: []string{"create_uuid", "create_uuid_as_string", "create_UUID", "create_UUID_as_string"}},
	{module: "UUID::Generator::PurePerl", methods: []string{"generate_v1", "generate_v3", "generate_v4", "generate_v5"}},
	{module: "Data::UUID::MT", methods: []string{"create", "create_hex", "create_string"}},
	{module: "Data::Uniqid", functions: []string{"suniqid", "uniqid", "luniqid"}},
	{module: "APR::UUID", methods: []string{"new", "format"}},
	{module: "UUID::Object", methods: []string{"create_nil"}},
}

// uuids finds secrets that are identifiers.
func uuids(p *audit.Pass) {
	v := look(p)
	for _, s := range v.identifierCalls() {
		best, ok := worst(v.follow(s))
		if !ok || best.sure < audit.Likely && best.what == "" || v.mixedIn(s.node) {
			continue
		}
		p.Report(audit.Found{
			Node: s.node, Confidence: best.sure, Severity: best.severity, Steps: v.steps(best),
			Message: fmt.Sprintf("%s is an identifier by %s, which is unique, but can be guessed", best.what, s.name),
		})
	}
}

// identifierCalls gives the places that make an identifier.
func (v *view) identifierCalls() []source {
	out := v.callsOf(identifiers)
	for n := range v.f.Calls("qx") {
		for _, a := range v.t.Call(n).Args {
			if strings.Contains(string(v.t.Text(a)), "uuidgen") {
				out = append(out, source{node: n, name: "uuidgen", made: true})
			}
		}
	}
	// What Apache's mod_unique_id made for its log.
	for n := range v.f.All(perlsrc.AccessNode) {
		if text := string(v.t.Text(n)); text == "$ENV{UNIQUE_ID}" || text == "$ENV{'UNIQUE_ID'}" || text == `$ENV{"UNIQUE_ID"}` {
			out = append(out, source{node: n, name: "mod_unique_id", made: true})
		}
	}
	return out
}

package cyclonedx

import (
	"slices"
	"strings"
	"sync"
)

// xmlTable says how each kind of object of the JSON form stands in XML: its
// fields in the order of the XML schema. A field is a key of the JSON form, with
// another name in XML behind ">", and a form:
//
//	key            an element with a text; key# a number, key? true or false
//	key@           an attribute; key@# and key@? as above
//	key$           the text of the element itself
//	key=kind       an element with an object in it
//	key*           elements one after the other, in JSON a list; key*=kind
//	key[item]      an element around elements; key[item=kind], key[item#];
//	               key[item@ref] for elements whose attribute is the value
//	key%           a form of its own: licenses, dependencies, tools, identity, data
//	key!           kept as it stands where the document was XML, with no way to
//	               or from JSON
//
// Sources: the XML and JSON schemas of 1.7; earlier versions have parts of it.
const xmlTable = `
bom serialNumber@ version@# metadata=metadata components[component=component] services[service=service]
  externalReferences[reference=reference] dependencies% compositions[composition=composition]
  properties[property=property] vulnerabilities[vulnerability=vulnerability] annotations[annotation=annotation]
  formulation! declarations! definitions! citations[citation=citation]
metadata timestamp lifecycles[lifecycle=lifecycle] tools% authors[author=contact] component=component manufacturer=entity
  manufacture=entity supplier=entity licenses% properties[property=property] distributionConstraints=constraints
lifecycle phase name description
constraints tlp
tool vendor name version hashes[hash=hash] externalReferences[reference=reference]
tools components[component=component] services[service=service]
entity bom-ref@ name address=address url* contact*=contact
address bom-ref@ country region locality postOfficeBoxNumber postalCode streetAddress
contact bom-ref@ name email phone
component type@ mime-type@ isExternal@? bom-ref@ supplier=entity manufacturer=entity authors[author=contact] author publisher
  group name version versionRange description scope hashes[hash=hash] licenses% copyright patentAssertions! cpe purl
  omniborId* swhid* swid=swid modified? pedigree=pedigree externalReferences[reference=reference]
  properties[property=property] components[component=component] evidence=evidence releaseNotes=releaseNotes
  modelCard! data! cryptoProperties! tags[tag]
hash alg@ content$
swid tagId@ name@ version@ tagVersion@# patch@? text=text url
text contentType>content-type@ encoding@ content$
reference type@ url comment hashes[hash=hash] properties[property=property]
pedigree ancestors[component=component] descendants[component=component] variants[component=component]
  commits[commit=commit] patches[patch=patch] notes
commit uid url author=action committer=action message
action timestamp name email
patch type@ diff=diff resolves[issue=issue]
diff text=text url
issue type@ id name description source=source references[url]
source name url
evidence identity% occurrences[occurrence=occurrence] callstack=callstack licenses% copyright[text=notice]
identity field confidence# concludedValue methods[method=method] tools[tool@ref]
method technique confidence# value
occurrence bom-ref@ location line# offset# symbol additionalContext
callstack frames[frame=frame] tools!
frame package module function parameters[parameter] line# column# fullFilename
notice text$
license bom-ref@ acknowledgement@ id name text=text url licensing=licensing properties[property=property]
expression bom-ref@ acknowledgement@ expression$
detailed bom-ref@ acknowledgement@ expression@ expressionDetails>details*=detail licensing=licensing properties[property=property]
detail licenseIdentifier>license-identifier@ bom-ref@ text=text url
licensing altIds[altId] licensor=either licensee=either purchaser=either purchaseOrder licenseTypes[licenseType] lastRenewal
  expiration
either organization=entity individual=contact
releaseNotes type title featuredImage socialImage description timestamp aliases[alias] tags[tag] resolves[issue=issue]
  notes[note=note] properties[property=property]
note locale text=text
property name@ value$
composition bom-ref@ aggregate assemblies[assembly@ref] dependencies[dependency@ref] vulnerabilities[vulnerability@ref]
service bom-ref@ provider=entity group name version description endpoints[endpoint] authenticated? x-trust-boundary? trustZone
  data% licenses% patentAssertions! externalReferences[reference=reference]
  properties[property=property] services[service=service] releaseNotes=releaseNotes tags[tag]
classified flow@ classification$
flow name@ description@ classification=classified governance=governance source[url] destination[url]
governance custodians[custodian=either] stewards[steward=either] owners[owner=either]
vulnerability bom-ref@ id source=source references[reference=alias] ratings[rating=rating] cwes[cwe#] description detail
  recommendation workaround proofOfConcept=proof advisories[advisory=advisory] created published updated rejected
  credits=credits tools% analysis=analysis affects[target=target] properties[property=property]
alias id source=source
rating source=source score# severity method vector justification
proof reproductionSteps environment supportingMaterial[attachment=text]
advisory title url
credits organizations[organization=entity] individuals[individual=contact]
analysis state justification response>responses[response] detail firstIssued lastUpdated
target ref versions[version=affected]
affected version range status
annotation bom-ref@ subjects[subject@ref] annotator=annotator timestamp text
annotator organization=entity individual=contact component=component service=service
citation bom-ref@ pointers[pointer] expressions[expression] timestamp attributedTo process note
`

// form is how a field stands in XML.
type form uint8

const (
	formText form = iota
	formAttribute
	formContent
	formObject
	formRepeated
	formWrapped
	formOwn
	formOpaque
)

// xmlField is one field of a kind of object.
type xmlField struct {
	key, name string // in JSON, in XML
	form      form
	kind      string // of the object, or of the items; "" texts
	value     byte   // '#' a number, '?' true or false, 0 a text
	item      string // name of the elements inside
	attribute string // of the elements inside that is their value
}

// xmlKinds is the table, read when it is asked for.
var xmlKinds = sync.OnceValue(func() map[string][]xmlField {
	kinds := map[string][]xmlField{}
	kind := ""
	for line := range strings.Lines(xmlTable) {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		if !strings.HasPrefix(line, " ") {
			kind, fields = fields[0], fields[1:]
		}
		for _, f := range fields {
			kinds[kind] = append(kinds[kind], parseField(f))
		}
	}
	return kinds
})

func parseField(s string) xmlField {
	var f xmlField
	rest := ""
	if i := strings.IndexAny(s, "#?@$=*[%!>"); i >= 0 {
		s, rest = s[:i], s[i:]
	}
	f.key, f.name = s, s
	if name, ok := strings.CutPrefix(rest, ">"); ok {
		rest = ""
		if i := strings.IndexAny(name, "#?@$=*[%!"); i >= 0 {
			name, rest = name[:i], name[i:]
		}
		f.name = name
	}
	if rest == "" {
		return f
	}
	mark, rest := rest[0], rest[1:]
	switch mark {
	case '#', '?':
		f.value = mark
	case '@':
		f.form = formAttribute
		if rest != "" {
			f.value = rest[0]
		}
	case '$':
		f.form = formContent
	case '=':
		f.form, f.kind = formObject, rest
	case '*':
		f.form, f.kind = formRepeated, strings.TrimPrefix(rest, "=")
	case '[':
		f.form, f.item = formWrapped, strings.TrimSuffix(rest, "]")
		var number bool
		if f.item, number = strings.CutSuffix(f.item, "#"); number {
			f.value = '#'
		}
		f.item, f.kind, _ = strings.Cut(f.item, "=")
		f.item, f.attribute, _ = strings.Cut(f.item, "@")
	case '%':
		f.form = formOwn
	case '!':
		f.form = formOpaque
	}
	return f
}

// fieldNamed gives the field of a kind that an element or an attribute is.
func fieldNamed(kind, name string, attribute bool) (xmlField, bool) {
	fields := xmlKinds()[kind]
	i := slices.IndexFunc(fields, func(f xmlField) bool {
		return f.name == name && (f.form == formAttribute) == attribute && f.form != formContent
	})
	if i < 0 {
		return xmlField{}, false
	}
	return fields[i], true
}

package inject

import (
	"regexp"
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// sqlSafe are the checks behind which a value stays one in a statement.
const sqlSafe = plainly | input.SQL

var (
	// isSQL are the beginnings of statements that hold values and names.
	isSQL = lazyregexp.New(`(?i)\A[\s(]*(?:select\s[\s\S]*?(?:\sfrom\s|\x00)|insert\s+(?:or\s+\w+\s+|ignore\s+)?into\s|replace\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|(?:create|drop|alter|truncate)\s+(?:table|index|view|database|user|role|schema|temporary|sequence)\s|grant\s+\w+|with\s+\w+\s+as\s*\()`)
	// goesOn are the beginnings of parts that are appended to one.
	goesOn = regexp.MustCompile(`(?i)\A\s*(?:where|and|or|order\s+by|group\s+by|having|limit|set|values|left\s+join|inner\s+join|join)\s|\A\s*["` + "`" + `\w.]+\s*(?:=|<|>|<=|>=|!=|<>|like|not\s+like|ilike|in)\s*[('"%]*\x00`)
	// atValue is the text before a value of a statement.
	atValue = regexp.MustCompile(`(?i)(?:=|<|>|!=|<>|\blike|\bin\s*\(|\bvalues?\s*\([^)]*|\blimit|\boffset|\bbetween|\band|%|\bmatch|\bagainst\s*\()\s*['"(%]*\z|'[^'\x00]*\z`)
	atOrder = lazyregexp.New(`(?i)\b(?:order|group)\s+by\s+[\w.,\s]*\z`)
)

// ofSequence is the text before the arguments of a function about a sequence, whose
// name the author of the tables chose, and whose value is a number.
var ofSequence = lazyregexp.New(`(?i)\b(?:setval|nextval|currval|pg_get_serial_sequence)\s*\([^()]*\z`)

// idNames are names of numbers that a database gave an object.
var idNames = set("id", "ids", "oid", "pk", "rowid", "serial", "version", "revision", "year", "rank", "count")

// sqlCalls are methods that run or prepare a statement.
var sqlCalls = set("do", "prepare", "prepare_cached", "selectrow_array", "selectrow_arrayref", "selectrow_hashref", "selectall_arrayref", "selectall_hashref", "selectall_array", "selectcol_arrayref",
	"execute", "query", "sql", "run", "selectrow", "selectall", "exec_sql", "do_sql", "execute_sql", "dbquery", "db_query", "sql_query", "_execute", "_prepare", "_do", "_query", "fetch_all", "select_all", "select_row", "select_one", "dbh_do", "sqlquery", "dosql", "querydb", "retrieve_from_sql", "search_literal", "txn_do", "simple_exec", "simplequery", "select")

// tableNames are names of what a statement is about, which its author chose.
var tableNames = set("table", "tables", "tablename", "tab", "column", "columns", "col", "cols", "field", "fields", "schema", "db", "database", "dbname", "prefix", "sequence", "seq", "index", "view", "alias", "quoted", "pk", "key", "keys", "names", "from", "as", "type", "types", "placeholders", "qs", "marks", "binds", "bind", "sth", "def", "definition", "ident", "identifier", "attr",
	"where", "sql", "clause", "clauses", "cond", "conds", "condition", "conditions", "joins", "statement", "stmt", "query", "select", "set", "extra", "having", "filter", "constraint", "set_clause", "fmt", "op", "operator", "engine", "vals", "group", "rest", "what", "expr", "expression", "str", "string", "ddl", "literal", "and", "restriction")

// statementOfString is INJ03: SQL with a value in its text.
func statementOfString(p *audit.Pass) {
	f := p.File
	for _, x := range texts(f) {
		whole := x.whole()
		begins := isSQL.MatchString(head(whole))
		if given := givenTo(f, x.node); !begins && (!goesOn.MatchString(head(whole)) || given != "" && given != "push" && given != "join" && !literals[given]) {
			continue
		}
		run, node := runBy(f, x)
		if !run && (!begins || aside(f, x.node) || printer[givenTo(f, x.node)]) {
			continue
		}
		found, ok := inStatement(f, x)
		if !ok {
			continue
		}
		if !run {
			found.confidence = min(found.confidence, audit.Possible)
		}
		steps := found.way(p.File)
		if node != 0 && f.Tree.Line(node) != f.Tree.Line(x.node) {
			steps = append(steps, p.StepsAt(node)...)
		}
		p.Report(audit.Found{
			Node: x.node, Confidence: found.confidence, Severity: found.severity,
			Message: "the SQL statement holds " + found.What + " in its text, and not as a bound value",
			Steps:   steps,
		})
	}
}

// literals are methods that take a reference to a string as SQL.
var literals = set("search", "search_rs", "find", "update", "update_all", "where", "delete", "insert", "select", "single", "count", "order_by", "search_like")

// printer are functions that show a text to people.
var printer = set("print", "printf", "say")

// head is as much of a text as tells what it is.
func head(s string) string { return s[:min(len(s), 4096)] }

// runBy reports whether a text goes to a database, and where.
func runBy(f *audit.File, x *text) (bool, perlsrc.NodeID) {
	t := f.Tree
	sinks, _ := f.Flow().Sinks(x.node)
	for _, s := range sinks {
		if s.Kind == flow.Passed && !elsewhere(t, s.Node) && sqlCalls[strings.TrimLeft(audit.Unqualified(s.Callee), "_")] && t.Call(s.Node).Method == (t.Call(s.Node).Invocant != 0) {
			return true, s.Node
		}
	}
	if start, _ := t.Span(x.node); start > 0 && t.Src[start-1] == '\\' && literals[givenTo(f, x.node)] {
		return true, t.Dest(x.node).Node // search(\"...") of DBIx::Class
	}
	if d := t.Dest(x.node); d.Use == perlsrc.Passed && t.Nodes[d.Node].Kind == perlsrc.CallNode && !elsewhere(t, d.Node) && sqlCalls[strings.TrimLeft(audit.Unqualified(t.Callee(d.Node)), "_")] {
		return true, d.Node
	}
	return false, 0
}

// remotes are names of services whose languages look like SQL and know no bound
// values.
var remotes = set("fql", "soql", "sosl", "sparql", "wql", "gql", "graphql", "cypher", "xpath", "ldap", "wmi", "solr", "splunk", "jql", "yql", "aql", "salesforce", "sforce", "influx", "influxdb", "graph", "facebook", "elasticsearch", "es", "rdf", "googledata")

// elsewhere reports whether a method is called on such a service by its name.
func elsewhere(t *perlsrc.Tree, call perlsrc.NodeID) bool {
	if t.Nodes[call].Kind != perlsrc.CallNode {
		return false
	}
	c := t.Call(call)
	if !c.Method || c.Invocant == 0 {
		return false
	}
	start, end := t.Span(c.Invocant)
	return holds(string(t.Src[start:min(end, start+200)]), remotes)
}

// inStatement gives the worst value of a statement.
func inStatement(f *audit.File, x *text) (taint, bool) {
	var found taint
	for _, piece := range x.pieces {
		v, ok := worst(f, piece.node, sqlSafe)
		if !ok || object(v.Source) {
			continue
		}
		name := v.name(f.Tree)
		before := piece.before[max(0, len(piece.before)-500):]
		switch {
		case v.Who == input.Remote:
		case v.Who == input.Held && (!atValue.MatchString(before) || says(name, idNames) && !quotedIn(piece)), ofSequence.MatchString(before):
			v.confidence = audit.Possible
		case (says(name, tableNames) || !wholly(v.Source) && says(audit.NameOf(f.Tree, piece.node), tableNames)) && !quotedIn(piece):
			v.confidence = audit.Possible // a part that is made elsewhere, and looked at there
		case atValue.MatchString(before), atOrder.MatchString(before):
		default:
			v.confidence = audit.Possible // a table, a column, a clause
		}
		if v.confidence > found.confidence || v.confidence == found.confidence && v.Who > found.Who {
			found = v
		}
	}
	return found, found.confidence != 0
}

// quotedIn reports whether quotes stand around a value.
func quotedIn(p piece) bool {
	before, after := strings.TrimRight(p.before, "%"), strings.TrimLeft(p.after, "%")
	return strings.HasSuffix(before, "'") && strings.HasPrefix(after, "'")
}

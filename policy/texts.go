package policy

import (
	"fmt"

	"nacre/corelist"
	"nacre/cpan"
	"nacre/fault"
)

// The texts below are written for this project, and anybody may use what comes
// of them as if it were their own (0BSD).

func (w *writer) minimal() {
	w.heading("Security policy of " + string(w.Dist))
	w.para("Have you found a vulnerability in %s? Thank you for telling us first. Please report it privately, %s, and not in a public issue, pull request or forum.", w.Dist, w.contact())
	w.para("Say how it can be reproduced, leave out passwords and other secrets, and say how you would like to be credited.")
	w.para("%s", w.answer("this is the work of one volunteer.")+" If it is urgent, or used in attacks already, or nobody answers, write to the CPAN Security Group (CPANSec) as well: "+cpansec+".")
	w.para("Fixes are made for the latest release on CPAN only.")
	w.footer()
}

// opening is the first paragraphs of the longer forms.
func (w *writer) opening() {
	w.heading("Security policy of " + string(w.Dist))
	w.para("This page says how to report a vulnerability in the CPAN distribution %s, and what happens then. In short: report it privately, %s.", w.Dist, w.contact())
	w.footer()
}

// asks is what a report should hold, and what it should not.
func (w *writer) asks() {
	w.para("A good report says:")
	w.b.WriteByte('\n')
	w.item("which releases of %s, of perl and of the system you looked at;", w.Dist)
	w.item("how to reproduce it, best with a small script or a test case;")
	w.item("what somebody could do with it, as far as you know;")
	w.item("how you would like to be credited, or that you would rather not be.")
	w.para("Please leave out passwords, keys and other people's data: made-up values show the same. An unfinished report is welcome, too.")
	w.para("Please keep it to yourself until a fix is out, or until a day that we have agreed on. A patch or a pull request in the open tells as much as a report does, so send it along in private.")
}

func (w *writer) copySecurityGroup() {
	w.para("Send a copy to the CPAN Security Group (CPANSec), %s, if the flaw is used in attacks already, if other distributions have it too, or if you would like help. They say more at %s.", cpansec, cpansecPage)
}

// counts is what is taken for a vulnerability, and where this policy ends.
func (w *writer) counts() {
	w.para("It is a vulnerability if somebody can make %s do what its user did not allow: run code, read or change what is not theirs, or bring a system to a halt.", w.Dist)
	if len(w.Libraries) > 0 {
		w.para("The code that %s carries along is covered, too: %s.", w.Dist, list(w.Libraries))
	} else {
		w.para("Code of others that lies in the release of %s is covered, too.", w.Dist)
	}
	w.para("What %s requires, and what uses %s, has its own maintainers, and a flaw there belongs with them, unless it is %s that lets it be reached.", w.Dist, w.Dist, w.Dist)
}

func (w *writer) installation() {
	w.heading("When you install it")
	w.para("The versions that META requires are the ones that %s works with, which does not make them the ones without known flaws. Keep what you install current. Where a newer version is known to be safer, META may recommend it.", w.Dist)
	w.heading("When you use it")
	w.para("The documentation of each module says what it expects of its input. Check what comes from outside before you hand it over.")
}

func (w *writer) full() {
	w.opening()
	w.heading("How to report a vulnerability")
	w.para("Report it privately, %s. Please do not use a public tracker, a pull request, a forum or a chat for it.", w.contact())
	w.asks()
	w.copySecurityGroup()
	w.heading("What happens then")
	w.para("%s", w.answer("one person does this in their spare time.")+" The first answer says that your report has arrived, and perhaps asks something; it need not come with a fix.")
	w.para("If you have heard nothing after %s, please send a reminder, with a copy to CPANSec. They help when a maintainer cannot be reached.", w.wait())
	w.para("Your report may be passed on, in confidence, to CPANSec and to projects that have the same flaw.")
	w.heading("What this policy applies to")
	w.counts()
	w.heading("Supported versions")
	w.para("Fixes are made for the latest release on CPAN. %s A fix may ask for a newer perl if there is no other way.", w.perls())
	w.installation()
}

func (w *writer) team() {
	w.opening()
	w.heading("How to report a vulnerability")
	w.para("Report it privately, %s. It is one address for all of us, and nobody but the people below reads it. Please do not use a public tracker, a pull request, a forum or a chat.", w.contact())
	w.asks()
	w.copySecurityGroup()
	w.heading("Who reads it")
	w.b.WriteByte('\n')
	w.item("Whoever is on duty answers, keeps the case until it is closed, and hands it over before an absence.")
	w.item("The release managers prepare the fix in private and make the releases.")
	w.item("The lead maintainer decides on the day of publication, and stands in for whoever is away.")
	w.para("Nobody else is told without need, and nobody publishes alone.")
	w.heading("What happens then")
	w.para("%s", w.answer("that is the acknowledgement, with the name of the case and perhaps a question; a fix takes longer."))
	w.para("If you have heard nothing after %s, please write again. If that brings no answer either, escalate to CPANSec, who can reach us by other ways.", w.wait())
	w.para("We agree with you on a day of publication, ask the CNA of the CPAN Security Group for a CVE id, and tell other projects that have the same flaw, in confidence.")
	w.heading("What this policy applies to")
	w.counts()
	w.heading("Supported versions")
	w.b.WriteByte('\n')
	w.line("| version | gets security fixes |")
	w.line("|---|---|")
	if len(w.Branches) == 0 {
		w.line("| the latest release on CPAN | yes |")
	}
	for _, b := range w.Branches {
		w.line("| " + b + " | yes |")
	}
	w.line("| all others | no |")
	w.para("%s A fix may ask for a newer perl if there is no other way.", w.perls())
	w.installation()
}

// series is how many stable perls the dual-life form lists.
const series = 5

func (w *writer) dualLife() error {
	module := w.Module
	if module == "" {
		module = cpan.ModuleFromDist(w.Dist)
	}
	rows, err := shippedRows(module)
	if err != nil {
		return err
	}
	w.opening()
	w.heading("Two copies")
	w.para("%s is on CPAN, and perl ships a copy of it. Whose flaw it is decides who mends it, so that one fix reaches both:", w.Dist)
	w.b.WriteByte('\n')
	w.item("Does it concern a copy that a perl ships, alone or too? Then report it to perl's security team, <perl-security@perl.org>.")
	w.item("Is it in releases on CPAN only? Then report it privately, %s.", w.contact())
	w.para("If you are not sure, write to perl's security team; they bring us in. Neither is the place for a public report.")
	w.heading("How to report a vulnerability")
	w.asks()
	w.copySecurityGroup()
	w.heading("What happens then")
	w.para("%s", w.answer("the first answer acknowledges the report, and says who goes on with it."))
	w.para("If you have heard nothing after %s, please send a reminder, with a copy to CPANSec.", w.wait())
	w.para("A fix is released on CPAN and in the maintenance releases of the perls that are still supported, on one day as far as that can be had. Who cannot update perl can install the release from CPAN over perl's copy.")
	w.heading("What this policy applies to")
	w.counts()
	w.heading("Supported versions")
	w.para("On CPAN the latest release gets fixes. Inside perl it is the copy of each perl that perl's own policy supports. These came with perl when this text was written:")
	w.b.WriteByte('\n')
	w.line("| perl | " + string(module) + " |")
	w.line("|---|---|")
	for _, r := range rows {
		w.line(r)
	}
	w.installation()
	return nil
}

// shippedRows are the rows of a table of perls and the copy that each ships: of
// the newest stable series the newest perl.
func shippedRows(m cpan.Module) ([]string, error) {
	all := corelist.Perls()
	var rows []string
	last := ""
	for i := len(all) - 1; i >= 0 && len(rows) < series; i-- {
		p := all[i]
		minor, isStable := stableSeries(p.Number.Normal())
		if !isStable || minor == last {
			continue
		}
		last = minor
		if v, ok := p.Version(m); ok {
			if v == "" {
				v = "without a version"
			}
			rows = append(rows, fmt.Sprintf("| %s | %s |", p.Number.Normal(), v))
		}
	}
	if len(rows) == 0 {
		return nil, fault.New(fault.NotFound, "no recent perl ships %s", m).
			WithHint("name the module with --module, or use --form full")
	}
	return rows, nil
}

// stableSeries gives the series of a perl's number in normal form, "v5.36" of
// v5.36.0; perls of an odd series are developers'.
func stableSeries(normal string) (name string, stable bool) {
	var major, minor, patch int
	if n, err := fmt.Sscanf(normal, "v%d.%d.%d", &major, &minor, &patch); n != 3 || err != nil {
		return "", false
	}
	return fmt.Sprintf("v%d.%d", major, minor), minor%2 == 0 && minor >= 6
}

func (w *writer) embedded() {
	lib := w.Libraries[0]
	w.heading(fmt.Sprintf("Security policy of %s for this copy of %s", w.Dist, lib))
	w.para("The files in this folder are a copy of %s that the CPAN distribution %s carries along. It may be older than the original, and it may have been changed.", lib, w.Dist)
	w.heading("How to report a vulnerability")
	w.para("If you found something in this copy, report it privately, %s, and not in public. Say how to reproduce it, leave out secrets, and say how you would like to be credited.", w.contact())
	w.para("We find out whether the original has the flaw, too. If so we tell its maintainers, by the policy that they have. That policy lies beside this one, if there is one, and is not changed by it.")
	w.para("%s", w.answer("the first answer acknowledges the report.")+" If you have heard nothing after "+w.wait()+", or if it is urgent, write to the CPAN Security Group (CPANSec) as well: "+cpansec+".")
	w.heading("What this policy applies to")
	w.para("It applies to this copy, as the latest release of %s on CPAN has it. Fixes are made in releases of %s.", w.Dist, w.Dist)
	w.footer()
}

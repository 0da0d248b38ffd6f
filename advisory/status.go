package advisory

import "nacre/perlver"

// Status is the status of Judge(v) without the words, for whoever asks about
// many versions: a fix plan asks about every release of a distribution.
func (j Judge) Status(v perlver.Version) Status {
	if len(j.statements) == 0 {
		return StatusUnknown
	}
	var lead Status
	for i := 0; i < len(j.statements); {
		source, first := j.statements[i].Source, i == 0
		said := StatusClean
		for ; i < len(j.statements) && j.statements[i].Source == source; i++ {
			said = max(said, j.statements[i].status(v))
		}
		if first || lead == StatusUnknown && said > StatusUnknown {
			lead = said
		}
	}
	if lead.IsClean() && len(v.Warnings()) > 0 {
		return StatusUnknown
	}
	return lead
}

// status is the status of judge.
func (c *compiled) status(v perlver.Version) Status {
	in, _ := c.affected.Contains(v)
	if in == perlver.Unknown {
		return StatusUnknown
	}
	fixed, _ := c.fixed.Contains(v)
	switch {
	case in == perlver.True && fixed == perlver.True:
		return StatusContradictory
	case in == perlver.True:
		return StatusAffected
	case fixed == perlver.True:
		return StatusFixed
	}
	return StatusClean
}

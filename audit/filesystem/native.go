package filesystem

import (
	"bytes"
	"strconv"
	"strings"

	"nacre/audit"
	"nacre/csrc"
)

// inC calls yield for each call in a file of C or XS.
func inC(f *audit.File, yield func(c *csrc.File, call csrc.Call)) {
	c, _ := f.C() // what was read before a limit is what there is
	for _, fn := range c.Functions {
		c.Calls(fn.First, fn.End, func(call csrc.Call) bool {
			yield(c, call)
			return !f.Late()
		})
	}
}

// opensInC reports whether a function of C opens a file, and gives the arguments
// that are its name, flags and rights.
func opensInC(call csrc.Call) (name, flags, mode int, ok bool) {
	switch call.Name {
	case "open", "open64", "shm_open", "PerlLIO_open3", "PerlLIO_open3_cloexec", "_open":
		return 0, 1, 2, len(call.Args) >= 2
	case "openat":
		return 1, 2, 3, len(call.Args) >= 3
	}
	return 0, 0, 0, false
}

// sharesMemory reports whether a file of C maps files into memory.
func sharesMemory(f *audit.File) bool {
	return bytes.Contains(f.Src, []byte("mmap")) || bytes.Contains(f.Src, []byte("sys/mman.h"))
}

func argText(c *csrc.File, call csrc.Call, i int) string {
	if i >= len(call.Args) {
		return ""
	}
	return c.Span(call.Args[i].First, call.Args[i].End)
}

// linkInC is FIL04 in C.
func linkInC(p *audit.Pass) {
	maps := sharesMemory(p.File)
	inC(p.File, func(c *csrc.File, call csrc.Call) {
		name, flags, mode, ok := opensInC(call)
		if !ok || call.Name == "shm_open" {
			return
		}
		said := argText(c, call, flags)
		if !strings.Contains(said, "O_CREAT") || strings.Contains(said, "O_EXCL") || strings.Contains(said, "O_NOFOLLOW") {
			return
		}
		path := argText(c, call, name)
		literal := strings.HasPrefix(path, `"`)
		rights, known := rightsInC(argText(c, call, mode))
		confidence := audit.Possible
		switch {
		case literal && sharedFolder.MatchString(strings.Trim(path, `"`)):
			confidence = audit.Likely
		case literal:
			return
		case maps && known && rights&0o022 != 0:
			confidence = audit.Likely // memory that users share lies where they all may write
		}
		p.Report(audit.Found{
			Line: c.Tokens[call.At].Line, Confidence: confidence, Severity: audit.Medium,
			Message: "a file is created or taken as it is, also through a link that somebody else has put there",
		})
	})
}

// rightsForAllInC is FIL05 in C.
func rightsForAllInC(p *audit.Pass) {
	maps := sharesMemory(p.File)
	inC(p.File, func(c *csrc.File, call csrc.Call) {
		report := func(confidence audit.Confidence, message string) {
			p.Report(audit.Found{Line: c.Tokens[call.At].Line, Confidence: confidence, Severity: audit.Medium, Message: message})
		}
		if _, flags, mode, ok := opensInC(call); ok {
			rights, known := rightsInC(argText(c, call, mode))
			if !known || rights&othersWrite == 0 || !strings.Contains(argText(c, call, flags), "O_CREAT") {
				return
			}
			if maps || call.Name == "shm_open" {
				report(audit.Likely, "the memory that is shared is made readable, and as far as the umask lets it writable, for everybody")
			} else {
				report(audit.Possible, "a file is made for everybody, as far as the umask lets it")
			}
			return
		}
		at := map[string]int{"chmod": 1, "fchmod": 1, "umask": 0, "shmget": 2, "msgget": 1, "semget": 2}
		i, ok := at[call.Name]
		if !ok || i >= len(call.Args) {
			return
		}
		rights, known := rightsInC(argText(c, call, i))
		switch {
		case !known:
		case call.Name == "umask":
			if rights&othersWrite == 0 {
				report(audit.Likely, "umask lets everybody write to what is made from here on")
			}
		case forAll(rights & 0o7777):
			report(audit.Likely, call.Name+" lets everybody write")
		}
	})
}

// rightsInC gives the rights that an expression of C is: numbers and the
// constants of stat.h, joined by |; constants of another kind count as 0.
func rightsInC(text string) (mode int, ok bool) {
	for part := range strings.SplitSeq(text, "|") {
		part = strings.Trim(part, " \t\r\n()")
		if m, is := rights[part]; is {
			mode, ok = mode|m, true
			continue
		}
		m, err := strconv.ParseInt(part, 0, 32)
		switch {
		case err == nil:
			mode, ok = mode|int(m), true
		case strings.HasPrefix(part, "IPC_"):
		default:
			return 0, false
		}
	}
	return mode, ok
}

package sources

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"hash/fnv"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"nacre/internal/files"
)

// passed are the files of a CVE List that are about something else, as
// cvelist.Memory has them, in a file of Work:
//
//	nacre.sources.passed/2 <the program, in hex>\n
//	<hash of the file's path, 8 bytes> <hash of its size and time, 8 bytes>     for each file, by the former
//	<CRC-32C of all before it, 4 bytes>
//
// Numbers are little endian; a damaged file is as good as none, and so is that of
// another program, which may take other records. A file that was
// written in the two seconds before it was read is not remembered: it may be
// written once more and have the same time.
type passed struct {
	file  string
	first string // the first line
	now   time.Time
	old   map[uint64]uint64
	used  map[uint64]uint64
	fresh bool
}

const (
	passedMagic = "nacre.sources.passed/2"
	maxPassed   = 64 << 20 // bytes of the file: four million records
)

// openPassed reads what is remembered of the list in a folder. Without the time
// of day, or a program, nothing is remembered.
func (r *Reader) openPassed(folder string) *passed {
	if r.Work == "" || r.Now.IsZero() || len(r.Program) == 0 {
		return nil
	}
	p := &passed{
		file: filepath.Join(r.Work, fmt.Sprintf("passed-%016x", hash(folder))), first: firstLine(passedMagic, r.Program),
		now: r.Now, used: map[uint64]uint64{},
	}
	if info, err := os.Stat(p.file); err == nil && info.Mode().IsRegular() && info.Size() <= maxPassed {
		if text, err := os.ReadFile(p.file); err == nil {
			p.old = parsePassed(text, p.first)
		}
	}
	return p
}

func hash(s string) uint64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, s)
	return h.Sum64()
}

func parsePassed(text []byte, first string) map[uint64]uint64 {
	n := len(text) - len(first) - 4
	if n < 0 || n%16 != 0 || string(text[:len(first)]) != first ||
		crc32.Checksum(text[:len(text)-4], castagnoli) != binary.LittleEndian.Uint32(text[len(text)-4:]) {
		return nil
	}
	all := make(map[uint64]uint64, n/16)
	for rest := text[len(first) : len(text)-4]; len(rest) > 0; rest = rest[16:] {
		all[binary.LittleEndian.Uint64(rest)] = binary.LittleEndian.Uint64(rest[8:])
	}
	return all
}

func stateOf(info fs.FileInfo) uint64 {
	b := binary.LittleEndian.AppendUint64(nil, uint64(info.Size()))
	return hash(string(binary.LittleEndian.AppendUint64(b, uint64(info.ModTime().UnixNano()))))
}

// Passed says whether a file was passed over in this state.
func (p *passed) Passed(file string, info fs.FileInfo) bool {
	key, state := hash(file), stateOf(info)
	if before, ok := p.old[key]; !ok || before != state {
		return false
	}
	p.used[key] = state
	return true
}

// Pass takes note that it is.
func (p *passed) Pass(file string, info fs.FileInfo) {
	if p.now.Sub(info.ModTime()) > 2*time.Second {
		p.used[hash(file)] = stateOf(info)
		p.fresh = true
	}
}

// save writes down what this reading has passed over. A file that cannot be
// written costs time and nothing else.
func (p *passed) save() {
	if !p.fresh && len(p.used) == len(p.old) || len(p.used)*16 > maxPassed {
		return
	}
	text := []byte(p.first)
	for _, key := range slices.Sorted(maps.Keys(p.used)) {
		text = binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(text, key), p.used[key])
	}
	text = binary.LittleEndian.AppendUint32(text, crc32.Checksum(text, castagnoli))
	_ = files.Replace(p.file, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

package sources

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"nacre/advisory/cpansa"
	"nacre/internal/files"
)

// memo is what parsing gave of documents, by their digests, in a file of Work:
//
//	nacre.sources.memo/2 <the program, in hex>\n
//	<SHA-256> <length, 4 bytes> <what parsing gave>     for each document, by digest
//	<CRC-32C of all before it, 4 bytes>
//
// Numbers are little endian. The file is a help: one that is damaged, of another
// form, or of another program, which may parse otherwise, is as good as none.
type memo struct {
	file  string
	first string                // the first line
	old   map[cpansa.Sum]string // what the file has
	used  map[cpansa.Sum]string // what this reading has asked for or made
	fresh bool                  // used has something that old has not
}

const (
	memoMagic = "nacre.sources.memo/2"
	maxMemo   = 256 << 20 // bytes of the file
)

// firstLine is the first line of a file of Work that a program has written.
func firstLine(magic string, program []byte) string {
	return magic + " " + hex.EncodeToString(program) + "\n"
}

// castagnoli is the table of CRC-32C.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// openMemo reads the memo of a folder that this program has written.
func openMemo(work string, program []byte) *memo {
	m := &memo{file: filepath.Join(work, "parsed"), first: firstLine(memoMagic, program), used: map[cpansa.Sum]string{}}
	if info, err := os.Stat(m.file); err == nil && info.Mode().IsRegular() && info.Size() <= maxMemo {
		if text, err := os.ReadFile(m.file); err == nil {
			m.old = parseMemo(text, m.first)
		}
	}
	return m
}

// parseMemo reads a memo's file, and gives nothing for one with another first line.
func parseMemo(text []byte, first string) map[cpansa.Sum]string {
	if len(text) < len(first)+4 || !bytes.HasPrefix(text, []byte(first)) {
		return nil
	}
	body, check := text[:len(text)-4], text[len(text)-4:]
	if crc32.Checksum(body, castagnoli) != binary.LittleEndian.Uint32(check) {
		return nil
	}
	rest := string(body[len(first):])
	all := map[cpansa.Sum]string{}
	for rest != "" {
		var sum cpansa.Sum
		if len(rest) < len(sum)+4 {
			return nil
		}
		copy(sum[:], rest)
		size := binary.LittleEndian.Uint32([]byte(rest[len(sum) : len(sum)+4]))
		rest = rest[len(sum)+4:]
		if uint64(size) > uint64(len(rest)) {
			return nil
		}
		all[sum] = rest[:size]
		rest = rest[size:]
	}
	return all
}

// Get gives what parsing gave of a document.
func (m *memo) Get(sum cpansa.Sum) (string, bool) {
	packed, ok := m.old[sum]
	if ok {
		m.used[sum] = packed
	}
	return packed, ok
}

// Put takes note of what parsing gave of a document.
func (m *memo) Put(sum cpansa.Sum, packed string) {
	m.used[sum] = packed
	m.fresh = true
}

// save writes what this reading has used, if that is not what the file has
// already. A file that cannot be written costs time and nothing else.
func (m *memo) save() {
	size := len(m.first) + 4
	for _, packed := range m.used {
		size += len(cpansa.Sum{}) + 4 + len(packed)
	}
	if !m.fresh && len(m.used) == len(m.old) || size > maxMemo {
		return
	}
	_ = files.Replace(m.file, func(w io.Writer) error {
		sum := crc32.New(castagnoli)
		to := io.MultiWriter(w, sum)
		_, err := io.WriteString(to, m.first)
		for _, s := range slices.SortedFunc(maps.Keys(m.used), func(a, b cpansa.Sum) int { return bytes.Compare(a[:], b[:]) }) {
			packed := m.used[s]
			if err == nil {
				_, err = to.Write(binary.LittleEndian.AppendUint32(s[:], uint32(len(packed))))
			}
			if err == nil {
				_, err = io.Copy(to, strings.NewReader(packed))
			}
		}
		if err == nil {
			_, err = w.Write(binary.LittleEndian.AppendUint32(nil, sum.Sum32()))
		}
		return err
	})
}

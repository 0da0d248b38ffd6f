// Package archive opens what software is shipped in as an fs.FS, within limits:
// releases (tar, also packed with gzip, bzip2, xz or zstd, and zip), container
// images (saved by docker, or in OCI layout, as a folder or in a tar), tars of
// a whole root file system, and folders that hold one.
//
//	spool, err := os.CreateTemp("", "nacre-*") // the caller's; removed by it
//	...
//	fsys, err := archive.Open(ctx, file, size, "Foo-Bar-1.20.tar.gz", archive.Options{Spool: spool})
//	release, top := fsys.Root()                 // top == "Foo-Bar-1.20"
//	b, err := fs.ReadFile(release, "META.json")
//
// An archive is read once, from front to end. Names, sizes and links stay in
// memory, some 300 bytes an entry. Contents stay where they are if they are not
// packed, and go to the spool if they are, those alone that Options.Keep wants.
//
// # Limits
//
// Whatever an archive does, it costs at most what its [Limits] say, and hitting
// one is an error that names it and its value:
//
//	open Foo-Bar-1.20.tar.gz: unpacks to more than 100 times its size (limit: ratio)
//
// Folders that only names imply count as entries. Besides: all names and links
// together have at most 64 MiB, a manifest or a configuration of an image 4 MiB,
// the directory of a zip 16 MiB, a record of a tar's header 1 MiB; zstd has
// windows of up to 128 MiB, xz dictionaries of up to 64 MiB, and 64 blocks and
// one more for each MiB unpacked; and a path leads over at most 40 links and 1024
// elements.
//
// # Names and links
//
// Nothing is written outside the spool, and no path leads out of an archive's
// root, whatever its names and links say. Beyond that:
//
//	                                release           image, or root file system
//	name with "..", NUL             refused           refused
//	backslash in a zip's name       refused           -
//	absolute name                   refused           taken from the root
//	link that leads out             refused           resolved in the root
//	file below a link to a folder   refused           goes where the link leads
//	hard link to what is not there  refused           refused
//	device, pipe, socket            listed, never opened
//	the same name twice             the last counts, and a note says so
//	name that is no UTF-8           listed with U+FFFD in it, and a note says so
//
// Names are compared byte by byte; owners and the bits for setuid, setgid and
// sticky are dropped. A tar is one of a root file system where it has the
// folders usr and etc at its top.
//
// # Images
//
// The layers are applied in their order, with the white-outs of the OCI image
// specification. The digests of manifest, configuration and layers are checked,
// and a wrong one is an error. Of several images in one file the one that
// Options names counts, else that for linux/amd64, else the first; Notes say
// what was left out.
//
// # Not promised
//
// An archive that is not damaged is not therefore what its author published.
// A zip with encrypted entries, or with packings other than store and deflate,
// lists them, and opening them fails. Multi-volume tars are not read.
//
// Sources: POSIX.1-2017 pax, "ustar" and "pax" formats, and GNU tar's manual;
// PKWARE's APPNOTE 6.3.10; RFC 1952; the .xz file format 1.1.0; the OCI image
// specification 1.1, "Image Layer Filesystem Changeset" and "Image Layout"; for
// docker save, the Docker image specification 1.2.
package archive

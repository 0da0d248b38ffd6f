# What a contributor types; CONTRIBUTING.md says when.

GO ?= go
TOOL = $(GO) tool -modfile=tools.mod

# Debian's packages that the tests want: the perl, the CPAN modules and the
# scanner that answers are compared with, what makes databases and archives, what
# applies the patches that a scan proposes, what reads feeds, what the race detector of Go links
# with, and the browser that pages are looked at in.
PACKAGES = perl libcpan-distnameinfo-perl libcpan-audit-perl libppi-perl libdpkg-perl rpm db-util xz-utils bzip2 libxml2-utils libxml-feed-perl \
	git gcc libc6-dev chromium $(APPS)

# Applications in Perl, for what perl really loads.
APPS = ack perltidy libimage-exiftool-perl licensecheck sqitch cloc po4a ikiwiki libperl-critic-perl libplack-perl libdist-zilla-perl

PLATFORMS ?= linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64
FUZZTIME ?= 2m

# The packages that start goroutines or share memory.
CONCURRENT = $(shell grep -rlE --include='*.go' 'go func|"sync(/atomic)?"' . | xargs -n1 dirname | sort -u)

# Tests of those that share nothing and read much, or start programs to kill them:
# they ran already, and would take minutes with the race detector.
SLOW = Against|Killed$$|^TestApps|^TestReal|^TestHostile|^TestBrowser|^TestServed|^TestLike|^TestLong|^Fuzz

.PHONY: build check lint test bench fuzz dist dist-check vuln setup

build:
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/ ./cmd/nacre ./cmd/nacred

# Before every commit.
check: lint
	$(GO) test -short ./...
	GOOS=windows CGO_ENABLED=0 $(GO) build -o /dev/null ./cmd/...
	GOOS=darwin CGO_ENABLED=0 $(GO) build -o /dev/null ./cmd/...

lint:
	@unformatted=$$($(TOOL) gofumpt -l .); test -z "$$unformatted" || \
		{ echo "not formatted; run $(TOOL) gofumpt -w:"; echo "$$unformatted"; exit 1; }
	$(GO) vet ./...
	$(TOOL) staticcheck ./...
	@dead=$$($(TOOL) deadcode -test ./...); test -z "$$dead" || \
		{ echo "never called, not even by a test:"; echo "$$dead"; exit 1; }

# Everything, from a fresh Debian or Ubuntu with Go on it.
test: setup lint
	$(GO) test ./...
	CGO_ENABLED=1 $(GO) test -race -skip '$(SLOW)' $(CONCURRENT)
	GOOS=windows CGO_ENABLED=0 $(GO) build -o /dev/null ./cmd/...
	GOOS=darwin CGO_ENABLED=0 $(GO) build -o /dev/null ./cmd/...

# The scans by themselves: the peak memory of a program counts from that of the
# process that starts it.
bench: setup
	$(GO) test -run='^$$' -bench='^BenchmarkScan' ./bench
	$(GO) test -run='^$$' -bench=. -skip='^BenchmarkScan' ./...

# Every fuzz test for FUZZTIME: make fuzz FUZZTIME=20s
fuzz:
	.ci/fuzz $(FUZZTIME) all

# Programs for every platform and their checksums, in dist/.
dist:
	.ci/dist dist $(PLATFORMS)

# The same, twice, from two folders: the bytes must be the same.
dist-check:
	.ci/dist-check $(PLATFORMS)

# Known vulnerabilities of what we link; asks vuln.go.dev.
vuln:
	$(TOOL) govulncheck ./...

setup:
	@.ci/install $(PACKAGES)
	@.ci/install-axe

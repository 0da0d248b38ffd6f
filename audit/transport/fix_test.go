package transport

import (
	"strings"
	"testing"

	"nacre/audit"
)

// TestFixes shows what the mechanical changes make of a line; "" where somebody
// must think.
func TestFixes(t *testing.T) {
	tests := []struct{ line, want string }{
		{"HTTP::Tiny->new;", "HTTP::Tiny->new(verify_SSL => 1);"},
		{"HTTP::Tiny->new();", "HTTP::Tiny->new(verify_SSL => 1);"},
		{"HTTP::Tiny->new( timeout => 3 );", "HTTP::Tiny->new( verify_SSL => 1, timeout => 3 );"},
		{"HTTP::Tiny->new->get($url);", "HTTP::Tiny->new(verify_SSL => 1)->get($url);"},
		{"new HTTP::Tiny(timeout => 3);", "new HTTP::Tiny(verify_SSL => 1, timeout => 3);"},
		{"new HTTP::Tiny;", "new HTTP::Tiny(verify_SSL => 1);"},
		{"HTTP::Tiny->new(verify_SSL => 0);", "HTTP::Tiny->new(verify_SSL => 1);"},
		{"LWP::UserAgent->new(ssl_opts => { verify_hostname => 0 });", "LWP::UserAgent->new(ssl_opts => { verify_hostname => 1 });"},
		{"$ua->ssl_opts(verify_hostname => '0');", "$ua->ssl_opts(verify_hostname => 1);"},
		{"IO::Socket::SSL->new(PeerAddr => $h, SSL_verify_mode => SSL_VERIFY_NONE);", "IO::Socket::SSL->new(PeerAddr => $h, SSL_verify_mode => SSL_VERIFY_PEER);"},
		{"$o{SSL_verify_mode} = IO::Socket::SSL::SSL_VERIFY_NONE();", "$o{SSL_verify_mode} = IO::Socket::SSL::SSL_VERIFY_PEER();"},
		{"IO::Socket::SSL->new(PeerAddr => $h, SSL_verify_mode => 0x00);", "IO::Socket::SSL->new(PeerAddr => $h, SSL_verify_mode => 1);"},
		{"use IO::Socket::SSL qw(SSL_VERIFY_NONE); IO::Socket::SSL->new(SSL_verify_mode => SSL_VERIFY_NONE);", ""},
		{"sub new { my ($c, %a) = @_; LWP::UserAgent->new(ssl_opts => { verify_hostname => $a{check} || 0 }) }", ""},
		{"Net::SSLeay::CTX_set_verify($ctx, Net::SSLeay::VERIFY_NONE());", "Net::SSLeay::CTX_set_verify($ctx, Net::SSLeay::VERIFY_PEER());"},
		{"$curl->setopt(CURLOPT_SSL_VERIFYPEER, 0);", "$curl->setopt(CURLOPT_SSL_VERIFYPEER, 1);"},
		{"$curl->setopt(CURLOPT_SSL_VERIFYHOST, 0);", "$curl->setopt(CURLOPT_SSL_VERIFYHOST, 2);"},
		{"$ENV{PERL_LWP_SSL_VERIFY_HOSTNAME} = 0;", "$ENV{PERL_LWP_SSL_VERIFY_HOSTNAME} = 1;"},
		{"$ENV{MOJO_INSECURE} = 1;", "$ENV{MOJO_INSECURE} = 0;"},
	}
	rules := Rules()
	if err := audit.Compile(rules); err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		got := audit.Check(audit.NewFile("lib/Acme.pm", audit.Library, []byte(tt.line+"\n")), &audit.Release{}, audit.Options{Rules: rules})
		if len(got.Findings) != 1 || (got.Findings[0].Fix == nil) != (tt.want == "") {
			t.Errorf("%s: %d findings, or no change, or one too many", tt.line, len(got.Findings))
			continue
		}
		if tt.want != "" && !strings.Contains(got.Findings[0].Fix.Diff, "\n+"+tt.want+"\n") {
			t.Errorf("%s becomes\n%s", tt.line, got.Findings[0].Fix.Diff)
		}
	}
}

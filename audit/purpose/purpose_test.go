package purpose

import (
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	for _, c := range []struct {
		want  Purpose
		names string
	}{
		{None, "x, data, result, hexdigest, mask, key, bytes, generate, basalt, possession"},
		{Harmless, "delay, randomDelay, pick_port, token_timeout, salt_length, cookie_name, session_expires, csrf_field_name, tmpfile_name"},
		{Harmless, "public_key, cache_key, PrimaryKey, key_size, state_machine, token_count, verify_token_cb, session_manager, nonce_time"},
		{ID, "id, request_id, UUID, msgid_id, ServerID"},
		{Salt, "salt, mkSalt, gensalt, random_salt, usersalt, salts"},
		{Nonce, "nonce, cnonce, iv, state, oauth_state, auth_state, init_vector, Sec_WebSocket_Key"},
		{Session, "session, session_id, new_session_id, SessionID, sessionId, sid, cookie_id, session_key, sess_id, phpsessid, _session_id"},
		{Token, "token, csrf_token, CSRF, captcha, challenge_id, api_key, ApiKey, reset_code, accesstoken, activation_code, otp, mk_token"},
		{Password, "password, new_passwd, passphrase, PIN, storedpassword, db_pass"},
		{Key, "secret, SECRET_KEY, private_key, aeskey, encryption_key, seed, client_secret, Acme::Secret, hmacKey"},
		{None, "parse_state, state_db, game_state, random_seed, rand_seed"},
	} {
		for name := range strings.SplitSeq(c.names, ",") {
			name = strings.TrimSpace(name)
			got := Of(name)
			if got != c.want {
				t.Errorf("%s: purpose %d, want %d", name, got, c.want)
			}
		}
	}
}

func TestMost(t *testing.T) {
	for _, c := range []struct {
		names string
		want  Purpose
	}{
		{"x y", None},
		{"noise sid session", Session},
		{"id token", Token},
		{"salt password", Password},
		{"token delay", Harmless},
		{"delay token", Token},
		{"token url", Token},
		{"nonce header", Nonce},
		{"path", Harmless},
		{"id path", Harmless},
		{"token cache_key", Harmless},
		{"request_id", ID},
	} {
		if got := Most(strings.Fields(c.names)...); got != c.want {
			t.Errorf("%s: purpose %d, want %d", c.names, got, c.want)
		}
	}
}

func TestWords(t *testing.T) {
	for name, want := range map[string]string{
		"new_sessionID":      "new session id",
		"CSRFToken":          "csrf token",
		"Acme::Web::mkToken": "acme web mk token",
		"sha256_key":         "sha key",
		"-name":              "name",
		"":                   "",
		"été_ID":             "été id",
	} {
		if got := strings.Join(Words(name), " "); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestSet(t *testing.T) {
	set := NewSet("insecure verify")
	for name, want := range map[string]bool{
		"allow_insecure": true, "sslVerify": true, "Acme::Insecure": true, "verified": false, "": false,
	} {
		if got := set.In(name); got != want {
			t.Errorf("%q: %t", name, got)
		}
	}
}

package purpose

import "strings"

// words are what single words say; None is for those that say nothing by
// themselves and must not be taken for longer ones.
var words = table(
	strings.Fields,
	said{Harmless, `
		delay sleep jitter backoff wait retry retries attempt attempts tries interval timeout ttl expires expiry expire
		expired expiration lifetime duration age time date since timestamp epoch seconds secs minutes hours days year month
		port sample shuffle shuffled color colour weight probability chance dice percent ratio score rank priority
		index idx offset pos position count counter length len size bits digits max min limit threshold window level depth
		rounds iterations cost width height row rows angle volume radius step steps
		type class path dir directory file filename tmp temp tempfile tempdir tmpdir boundary marker separator delimiter
		cache etag checksum test mock fake format regex pattern column field header prefix suffix domain host hostname url uri
		endpoint location error message msg text line label title comment description html body content query request response
		callback cb coderef handler store storage server user username policy status flag enabled disabled required valid
		config options params param attr attribute method action event page form parser builder manager factory plugin driver
		backend engine model table schema namespace version mode algorithm alg`},
	said{ID, `id ids uuid guid uid serial jti`},
	said{Salt, `salt salts`},
	said{Nonce, `nonce nonces cnonce iv ivec state`},
	said{Session, `session sessions sess sessid sid sids sessionid phpsessid jsessionid cookie cookies`},
	said{Token, `token tokens csrf xsrf captcha challenge challenges ticket tickets otp totp hotp authcode apikey verifier passcode pincode jwt bearer`},
	said{Password, `password passwords passwd passphrase pass pw pwd pin credential credentials`},
	said{Key, `secret secrets privkey seed seeds prime entropy pepper`},
	said{None, `bytes name digest key keys mask basalt`},
)

// glued are the words that people write behind others without anything between
// them.
var glued = set(`token tokens password passwd passphrase secret salt nonce cookie captcha challenge sessionid passcode session`)

// falseEnds are words that end in one of those by chance.
var falseEnds = set(`possession obsession`)

// logins are words that make a state one of a login.
var logins = set(`oauth oauth2 oidc openid auth authorization authz login sso csrf xsrf`)

// holders are words for what other things are written into.
var holders = set(`header url uri endpoint location file filename path message msg text line label title comment description
	html body content query request response error form page prefix suffix user username params param options config`)

// pairs are two words that together say what neither does; None where they say
// less.
var pairs = table(
	phrases,
	said{Session, `session id, session key, cookie id, session token, sess id, login id`},
	said{Harmless, `public key, primary key, foreign key, cache key, hash key, sort key, state machine, token type, token class,
		test pass, first pass, second pass, next pass, single pass, last pass, multi pass, session name, cookie name`},
	said{Key, `private key, secret key, encryption key, encrypt key, crypt key, cipher key, master key, hmac key, mac key, signing key,
		sign key, signature key, shared key, symmetric key, aes key, rsa key, dsa key, des key, private exponent, ephemeral key`},
	said{Nonce, `init vector, initialization vector, initialisation vector, websocket key, socket key`},
	said{Token, `api key, auth code, authorization code, access code, reset code, confirmation code, confirm code, activation code,
		activation key, reset key, auth key, auth id, ticket id, challenge id, token id, csrf id, verification code,
		verify code, security code, recovery code, backup code, login code, invite code, invitation code, code verifier,
		remember key, magic link`},
	said{None, `random seed, rand seed, hash seed, session state`},
)

// said are words of one purpose.
type said struct {
	purpose Purpose
	words   string
}

func table(cut func(string) []string, lists ...said) map[string]Purpose {
	out := map[string]Purpose{}
	for _, l := range lists {
		for _, w := range cut(l.words) {
			out[strings.Join(strings.Fields(w), " ")] = l.purpose
		}
	}
	return out
}

func phrases(s string) []string { return strings.Split(s, ",") }

func set(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(s) {
		out[w] = true
	}
	return out
}

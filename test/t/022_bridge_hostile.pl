# Requests that two parsers could read differently, and clients that are slow on purpose.
# An ambiguous request gets one answer at most, the refusal closes the connection, and what was
# hidden inside it is never executed.
#
# nginx parses; this test is what notices when a configuration, a version or the module opens a
# gap. Keep-alive is long here: a connection that is not closed makes the test hang and fail.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../perl";
use ScimBridge;
use Test::More;

ScimBridge::require_bridge();
$ScimBridge::patience = 30;
my $node = ScimBridge::cluster_with_double();
my $bridge = ScimBridge->new($node,
	http => "keepalive_timeout 300s;\nlarge_client_header_buffers 4 4k;\nclient_max_body_size 1m;",
	server => 'error_page 400 /-/400; location = /-/400 { internal; '
	  . 'default_type application/scim+json; return 400 "{\"status\":\"400\"}"; }');

my $hidden = "GET /write/hidden HTTP/1.1\r\nHost: t\r\n\r\n";
my $start = "POST /echo HTTP/1.1\r\nHost: t\r\n";
my $length = length $hidden;

# [ name, bytes ]: refused, whatever they hide
my @refused = (
	[ 'Content-Length and Transfer-Encoding', "${start}Content-Length: $length\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n$hidden" ],
	[ 'Transfer-Encoding and Content-Length', "${start}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n$hidden" ],
	[ 'two Content-Lengths that differ', "${start}Content-Length: 0\r\nContent-Length: $length\r\n\r\n$hidden" ],
	[ 'two Content-Lengths that agree', "${start}Content-Length: $length\r\nContent-Length: $length\r\n\r\n$hidden" ],
	[ 'a list of lengths', "${start}Content-Length: 0, $length\r\n\r\n$hidden" ],
	[ 'Content-Length with a plus', "${start}Content-Length: +0\r\n\r\n$hidden" ],
	[ 'a negative Content-Length', "${start}Content-Length: -1\r\n\r\n$hidden" ],
	[ 'a hexadecimal Content-Length', "${start}Content-Length: 0x0\r\n\r\n$hidden" ],
	[ 'a Content-Length that overflows', "${start}Content-Length: 18446744073709551616\r\n\r\n$hidden" ],
	[ 'an empty Content-Length', "${start}Content-Length: \r\n\r\n$hidden" ],
	[ 'two Transfer-Encodings', "${start}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n$hidden" ],
	[ 'chunked twice', "${start}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n$hidden" ],
	[ 'an unknown Transfer-Encoding', "${start}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n$hidden" ],
	[ 'identity, chunked', "${start}Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n$hidden" ],
	[ 'gzip, chunked', "${start}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n$hidden" ],
	[ 'Transfer-Encoding in quotes', "${start}Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n$hidden" ],
	[ 'Transfer-Encoding with a vertical tab', "${start}Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n$hidden" ],
	[ 'Transfer-Encoding in HTTP/1.0', "POST /echo HTTP/1.0\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n$hidden" ],
	[ 'a space before the colon', "${start}Transfer-Encoding : chunked\r\nContent-Length: 0\r\n\r\n$hidden" ],
	[ 'a folded field', "${start}X-A: b\r\n Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n$hidden" ],
	[ 'a NUL in a field', "${start}X-A: b\0c\r\nContent-Length: 0\r\n\r\n$hidden" ],
	[ 'a NUL in a field name', "${start}X\0A: b\r\nContent-Length: 0\r\n\r\n$hidden" ],
	[ 'a field name with a space', "${start}X A: b\r\nContent-Length: 0\r\n\r\n$hidden" ],
	[ 'a chunk size that is none', "${start}Transfer-Encoding: chunked\r\n\r\nxyz\r\n$hidden" ],
	[ 'a negative chunk size', "${start}Transfer-Encoding: chunked\r\n\r\n-1\r\n$hidden" ],
	[ 'a chunk size that overflows', "${start}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n$hidden" ],
	[ 'a chunk size with 0x', "${start}Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n$hidden" ],
	[ 'a chunk that is longer than it says', "${start}Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n$hidden" ],
	[ 'no Host', "GET /echo HTTP/1.1\r\n\r\n$hidden" ],
	[ 'two Hosts', "GET /echo HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n$hidden" ],
	[ 'a Host with a slash', "GET /echo HTTP/1.1\r\nHost: a/b\r\n\r\n$hidden" ],
	[ 'no version', "GET /echo\r\n$hidden" ],
	[ 'HTTP/2 without TLS', "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n$hidden" ],
	[ 'an unknown version', "GET /echo HTTP/9.9\r\nHost: t\r\n\r\n$hidden" ],
	[ 'a lower-case method', "get /echo HTTP/1.1\r\nHost: t\r\n\r\n$hidden" ],
	[ 'a space in the target', "GET /echo b HTTP/1.1\r\nHost: t\r\n\r\n$hidden" ],
	[ 'a control character in the target', "GET /echo\x01 HTTP/1.1\r\nHost: t\r\n\r\n$hidden" ],
	[ 'a bare CR in the request line', "GET /echo\rHTTP/1.1\r\nHost: t\r\n\r\n$hidden" ],
	[ 'a path out of the root', "GET /../../echo HTTP/1.1\r\nHost: t\r\n\r\n$hidden" ],
	[ 'TLS on the plain port', "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03$hidden" ],
	[ 'a field of 5000 characters', "GET /echo HTTP/1.1\r\nHost: t\r\nX-A: " . 'x' x 5000 . "\r\n\r\n$hidden" ],
	[ 'fields of 20,000 characters', "GET /echo HTTP/1.1\r\nHost: t\r\n" . "X-A: aaaaaaaaaaaaaa\r\n" x 1000 . "\r\n$hidden" ],
	[ 'a target of 5000 characters', 'GET /' . 'x' x 5000 . " HTTP/1.1\r\nHost: t\r\n\r\n$hidden" ],
	[ 'a body that is too large', "${start}Content-Length: 2000000\r\n\r\n" ],
	[ 'chunks that are too large', "${start}Transfer-Encoding: chunked\r\n\r\n200000\r\n$hidden" ],
	[ 'CONNECT', "CONNECT t:80 HTTP/1.1\r\nHost: t\r\n\r\n$hidden" ],
	[ 'TRACE', "TRACE /echo HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n$hidden" ],
);

# [ name, bytes ]: one request to every reader; the last word is "close"
my $close = "Connection: close\r\n";
my @one = (
	[ 'a body that looks like a request', "${start}${close}Content-Length: $length\r\n\r\n$hidden" ],
	[ 'chunks that look like a request', sprintf("%s%sTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", $start, $close, $length, $hidden) ],
	[ 'bytes after the last chunk', "${start}${close}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n$hidden" ],
	[ 'a trailer that looks like a field', "${start}${close}Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\n\r\n$hidden" ],
	[ 'bytes after a GET', "GET /echo HTTP/1.1\r\nHost: t\r\n$close\r\n$hidden" ],
	[ 'bare LF as line ends', "POST /echo HTTP/1.1\nHost: t\nConnection: close\nContent-Length: $length\n\n$hidden" ],
	[ 'Chunked in capitals', "${start}${close}Transfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n$hidden" ],
	[ 'an absolute target', "GET http://elsewhere/echo HTTP/1.1\r\nHost: t\r\n$close\r\n$hidden" ],
	[ 'HTTP/1.0 without keep-alive', "GET /echo HTTP/1.0\r\n\r\n$hidden" ],
	[ 'a field that hop-by-hop would remove', "${start}Connection: close, Authorization\r\nAuthorization: a\r\nContent-Length: 0\r\n\r\n$hidden" ],
);


foreach my $probe (@refused)
{
	my ($name, $bytes) = @$probe;
	my $calls = ScimBridge::calls($node, 'echo');
	my $all = $bridge->raw($bytes);
	my @status = $all =~ m{^HTTP/1\.[01] (\d+)}mg;
	cmp_ok(scalar @status, '<=', 1, "$name: at most one answer, then closed");
	unlike($all, qr{^HTTP/1\.[01] [23]}m, '... a refusal') or diag($all);
	is(ScimBridge::calls($node, 'echo'), $calls, '... before SQL');
}
foreach my $probe (@one)
{
	my ($name, $bytes) = @$probe;
	my @status = $bridge->raw($bytes) =~ m{^HTTP/1\.[01] (\d+)}mg;
	is_deeply(\@status, [200], "$name: one answer, then closed");
}
is(ScimBridge::calls($node, 'write'), 0, 'nothing that was hidden has been executed');

like($bridge->raw("GET http://elsewhere/echo?a=b HTTP/1.1\r\nHost: t\r\n$close\r\n"),
	qr/"target" : ".*echo\?a=b".*":authority","scim.example.com"/,
	'an absolute target does not change the authority');
like($bridge->raw("${start}Content-Length: x\r\n\r\n"),
	qr{^HTTP/1.1 400 .*application/scim\+json.*X-Request-Id: [0-9a-f]{32}.*\{"status":"400"\}}s,
	"nginx's own refusal has a SCIM body and a request id");

# ---- slow clients ----

my $strict = ScimBridge->new($node,
	http => "client_header_timeout 1s;\nclient_body_timeout 1s;\nsend_timeout 1s;\nkeepalive_timeout 300s;",
	location => 'scim_pool 1;');

# Sends a byte at a time until the server has had enough.
sub drip
{
	my ($socket, @bytes) = @_;
	local $SIG{PIPE} = 'IGNORE';
	my $select = IO::Select->new($socket);
	foreach my $byte (@bytes)
	{
		syswrite($socket, $byte) // last;
		last if $select->can_read(0.2);
	}
	my $all = '';
	while ((my $piece = ScimBridge::piece($socket)) ne '') { $all .= $piece; }
	return $all;
}

my $calls = ScimBridge::calls($node, 'echo');
my @slow = map { $strict->dial } 1 .. 20;
foreach my $socket (@slow)
{
	syswrite($socket, 'P');
}
is($strict->request('GET', '/echo')->{status}, 200, 'slow clients hold nobody up');
unlike(drip($slow[0], split(//, "OST /echo HTTP/1.1\r\nHost: t\r\nX-A: " . 'x' x 10000)),
	qr{HTTP/1.1 2}, 'a client that sends its header slowly is cut off');
foreach my $socket (@slow[ 1 .. 19 ])
{
	unlike(drip($socket), qr{HTTP/1.1 2}, 'so is one that sends no more');
}
my $socket = $strict->dial;
print $socket "${start}Content-Length: 10\r\n\r\nabc";
$socket->flush;
unlike(drip($socket), qr{HTTP/1.1 2}, 'and one whose body does not come');
is(ScimBridge::calls($node, 'echo'), $calls + 1, 'SQL has seen none of them');

# A client that does not read its answer holds no database connection (the pool has one).
$socket = $strict->dial;
setsockopt($socket, Socket::SOL_SOCKET(), Socket::SO_RCVBUF(), pack('i', 4096));
print $socket "GET /large/8000000 HTTP/1.1\r\nHost: t\r\n\r\n";
$socket->flush;
ScimBridge::wait_for(sub { ScimBridge::calls($node, 'large') == 1 }, 'the large answer is made');
is($strict->request('GET', "/echo/$_")->{status}, 200, 'a client that does not read holds nobody up')
  foreach 1 .. 3;

$_->stop foreach $bridge, $strict;
unlike($_->log, qr/\[(emerg|crit|alert)\]/, 'nothing but refusals in the log') foreach $bridge, $strict;
done_testing();

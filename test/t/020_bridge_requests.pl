# What goes through the bridge: each part of a request reaches SQL unchanged, each part of the
# row reaches the client, and nothing that is no answer does.

use strict;
use warnings;

use Digest::SHA qw(sha256_hex);
use FindBin;
use lib "$FindBin::RealBin/../perl";
use ScimBridge;
use Test::More;

ScimBridge::require_bridge();
my $node = ScimBridge::cluster_with_double();
my $bridge = ScimBridge->new($node,
	http => 'client_body_buffer_size 16k; client_max_body_size 8m;',
	server => 'error_page 400 /-/400; location = /-/400 { internal; '
	  . 'default_type application/scim+json; return 400 "{\"scimType\":\"invalidSyntax\"}"; } '
	  . 'error_page 413 = @too_large; '
	  . 'location @too_large { default_type application/scim+json; return 413 "{\"status\":\"413\"}"; }',
	location => 'scim_pool 2; scim_pass_header X-Tenant; scim_statement_timeout 12s;');

# The echo as a list of lines "name: value", in order.
sub echoed
{
	my ($answer, $part) = @_;
	my ($list) = $answer->{body} =~ /"headers" : \[(.*)\], "length"/;
	my @all = $list =~ /"((?:[^"\\]|\\.)*)"/g;
	my @lines;
	push @lines, shift(@all) . ': ' . shift(@all) while @all;
	return @lines;
}

# ---- the request ----

foreach my $method (qw(GET POST PUT PATCH DELETE OPTIONS))
{
	my $answer = $bridge->request($method, '/echo');
	is($answer->{status}, 200, "$method is answered");
	like($answer->{body}, qr/"method" : "$method"/, "$method reaches SQL");
}
like($bridge->request('POST', '/echo')->{body}, qr/"length" : 0\b/, 'no body is an empty bytea');

foreach my $target ('/echo/a%2Fb%20c', '/echo/%C3%A9?filter=a%20eq%20%22b%22&x=%2B', '/echo//a/../b',
	'/echo?')
{
	my $answer = $bridge->request('GET', $target);
	my $want = quotemeta $target;
	like($answer->{body}, qr/"target" : "$want"/, "target $target stays as it was sent")
	  or diag($answer->{body});
}

is($bridge->request('GET', '/echo/%00')->{status}, 400, 'NUL in the path is refused');

my $answer = $bridge->request('GET', '/echo', headers => [
	'User-Agent' => 'test/1', 'ACCEPT' => 'application/scim+json', 'Accept' => '*/*',
	'Authorization' => 'Bearer abc', 'Content-Type' => 'application/scim+json',
	'If-Match' => 'W/"1"', 'If-None-Match' => 'W/"2"', 'Prefer' => 'return=minimal',
	'Cookie' => 'a=b', 'X-Request-Id' => 'id-1', 'X-Tenant' => 'acme',
	'X-Other' => 'no', 'X-Forwarded-For' => '1.2.3.4' ]);
is_deeply([ echoed($answer) ], [
	':scheme: https', ':authority: scim.example.com', ':peer: 127.0.0.1',
	'user-agent: test/1', 'accept: application/scim+json', 'accept: */*',
	'authorization: Bearer abc', 'content-type: application/scim+json',
	'if-match: W/\"1\"', 'if-none-match: W/\"2\"', 'prefer: return=minimal', 'cookie: a=b',
	'x-tenant: acme', 'x-request-id: id-1' ],
	'pseudo fields, the fixed list and the added field reach SQL, and no others');

unlike($bridge->request('GET', '/echo', headers => [ ':scheme' => 'ftp' ])->{body}, qr/ftp/,
	'a client cannot send pseudo fields');

foreach my $name ('Authorization', 'Content-Type', 'User-Agent', 'X-Request-Id')
{
	my $calls = ScimBridge::calls($node, 'echo');
	$answer = $bridge->request('POST', '/echo', headers => [ $name => 'a', lc $name => 'a' ]);
	is($answer->{status}, 400, "repeated $name is refused");
	like($answer->{body}, qr/"scimType":"invalidSyntax"/, '... with a SCIM error');
	is(ScimBridge::calls($node, 'echo'), $calls, '... before SQL sees it');
}

is($bridge->request('GET', '/timeout')->{body}, '12s', 'statement_timeout is set for a read');
is($bridge->request('POST', '/timeout')->{body}, '12s', 'statement_timeout is set for a write');

# ---- bodies ----

my $bytes = join('', map { chr } 0 .. 255);
foreach my $n (1, 255, 16 * 1024, 16 * 1024 + 1, 200_000, 5_000_000)
{
	my $body = substr($bytes x (1 + $n / 256), 0, $n);
	$answer = $bridge->request('POST', '/hash', body => $body);
	is($answer->{body}, "$n " . sha256_hex($body), "a body of $n bytes arrives, NULs and all");
}
my $chunked = "POST /hash HTTP/1.1\r\nHost: t\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
  . "5\r\nhello\r\n" . "1;ext=1\r\n \r\n" . "5\r\nworld\r\n0\r\n\r\n";
like($bridge->raw($chunked), qr/\r\n\r\n11 @{[ sha256_hex('hello world') ]}$/, 'a chunked body arrives');
like($bridge->raw("POST /hash HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 2\r\n\r\nab"),
	qr{^HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 }, 'Expect: 100-continue is answered');

$answer = $bridge->request('POST', '/echo', body => 'x' x (8 * 1024 * 1024 + 1));
is($answer->{status}, 413, 'a body beyond client_max_body_size is refused');
is($answer->{body}, '{"status":"413"}', '... with the error page of the configuration');
ok($answer->{headers}{'x-request-id'}, '... and X-Request-Id');

# ---- the answer ----

$answer = $bridge->request('GET', '/echo', headers => [ 'X-Request-Id' => 'id-2' ]);
is_deeply($answer->{headers}{'x-request-id'}, ['id-2'], "the client's request id comes back");
is_deeply($answer->{headers}{etag}, ['W/"1"'], 'an answer field comes back');
is_deeply($answer->{headers}{'content-type'}, ['application/scim+json'], 'so does the content type');
is($answer->{headers}{'content-length'}[0], length $answer->{body}, 'Content-Length is right');

foreach my $bad ('a b', "caf\xc3\xa9", 'x' x 129, '')
{
	$answer = $bridge->request('GET', '/echo', headers => [ 'X-Request-Id' => $bad ]);
	like($answer->{headers}{'x-request-id'}[0], qr/^[0-9a-f]{32}$/, 'a bad request id is replaced');
	like($answer->{body}, qr/"x-request-id","$answer->{headers}{'x-request-id'}[0]"/,
		'... in SQL, too');
}
$answer = $bridge->request('GET', '/echo');
like($answer->{headers}{'x-request-id'}[0], qr/^[0-9a-f]{32}$/, 'a missing one is made');

foreach my $status (200, 201, 304, 400, 401, 404, 409, 412, 429, 500, 503, 599)
{
	is($bridge->request('POST', "/status/$status")->{status}, $status, "status $status passes");
}
foreach my $case ([ 'GET', 204 ], [ 'DELETE', 204 ], [ 'GET', 304 ], [ 'HEAD', 200 ], [ 'HEAD', 404 ])
{
	my ($method, $status) = @$case;
	my $all = $bridge->raw("$method /status/$status HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
	like($all, qr{^HTTP/1.1 $status .*\r\n\r\n$}s, "$method $status has no body");
	if ($status == 204) { unlike($all, qr/Content-Length|Transfer-Encoding/i, '... and no length'); }
	if ($method eq 'HEAD') { like($all, qr/Content-Length: 12\r\n/, '... and the length of GET'); }
}

# nginx compares conditions with the answer's ETag if one lets it: a PATCH would become 412
is($bridge->request('PATCH', '/echo', headers => [ 'If-Match' => 'W/"0"' ])->{status}, 200,
	'If-Match is left to SQL');
is($bridge->request('GET', '/echo', headers => [ 'If-None-Match' => 'W/"1"' ])->{status}, 200,
	'If-None-Match is left to SQL');

$answer = $bridge->request('GET', '/field/X-Two/a%09b');
is($answer->{headers}{'x-two'}[0], "a\tb", 'tab is allowed in a field value');
foreach my $own ('Content-Length', 'Transfer-Encoding', 'Connection', 'Date', 'X-Request-Id')
{
	$answer = $bridge->request('GET', "/field/$own/chunked");
	is($answer->{status}, 200, "$own from SQL is dropped");
	isnt($answer->{headers}{ lc $own }[0], 'chunked', '... and not sent');
	cmp_ok(scalar @{ $answer->{headers}{ lc $own } // [] }, '<=', 1, '... nor doubled');
}

foreach my $case (
	[ '/field/X-A/a%0d%0aSet-Cookie:%20b', 'CR LF in a value' ],
	[ '/field/X-A/a%0aSet-Cookie:%20b', 'LF in a value' ],
	[ '/field/X-A/a%0db', 'CR in a value' ],
	[ '/field/X-A/a%01b', 'a control character in a value' ],
	[ '/field/X-A:%20b%0d%0aX-B/c', 'a line break in a name' ],
	[ '/field/X%20A/b', 'a space in a name' ],
	[ '/field/X%C3%A9/b', 'a name that is not ASCII' ],
	[ '/fields-odd', 'a field without a value' ],
	[ '/status-null', 'no status' ],
	[ '/status/99', 'a status below 200' ],
	[ '/status/101', 'an interim status' ],
	[ '/status/600', 'a status above 599' ])
{
	my ($target, $what) = @$case;
	my $all = $bridge->raw("GET $target HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
	like($all, qr{^HTTP/1.1 500 }, "$what is no answer");
	unlike($all, qr/Set-Cookie|X-A|X-B/, '... and none of it is sent');
	like($all, qr{application/scim\+json.*urn:ietf:params:scim:api:messages:2.0:Error.*"status":"500"}s,
		'... but a SCIM error');
}
$answer = $bridge->request('GET', '/fields-null');
is($answer->{status}, 200, 'no fields and no body are fine');
is($answer->{body}, '', '... and empty');

$answer = $bridge->request('GET', '/large/6000000');
is(length $answer->{body}, 6_000_000, 'a large answer arrives whole');

my $socket = $bridge->dial;
foreach my $i (1 .. 5)
{
	$answer = $bridge->request('GET', "/echo/$i", socket => $socket);
	like($answer->{body}, qr{/echo/$i"}, "request $i on one connection");
}
print $socket join('', map { "GET /echo/$_ HTTP/1.1\r\nHost: t\r\nConnection: "
	  . ($_ == 3 ? 'close' : 'keep-alive') . "\r\n\r\n" } 1 .. 3);
my $all = '';
while ((my $piece = ScimBridge::piece($socket)) ne '') { $all .= $piece; }
is_deeply([ $all =~ m{"target" : "/echo/(\d)"}g ], [ 1, 2, 3 ], 'pipelined requests in order');

is($node->safe_psql('postgres', "SELECT count(*) <= 2 FROM pg_stat_activity WHERE usename = 'bridge'"),
	't', 'the pool keeps to its size');

# ---- HTTP/2 ----

# Without TLS, because nginx takes care of that: the module sees the same request.
{
	my $port = PostgreSQL::Test::Cluster::get_free_port();
	my $two = ScimBridge->new($node, server => "listen 127.0.0.1:$port http2;");
	my @curl = ('curl', '-s', '--http2-prior-knowledge', '--max-time', $ScimBridge::patience);
	my $url = "http://127.0.0.1:$port";
	open(my $file, '>', "$two->{dir}/body") or die $!;
	print $file $bytes x 1000;
	close $file;
	like(`@curl "$url/echo/a%2Fb?c=d"`, qr{"target" : "/echo/a%2Fb\?c=d", .*":authority","scim.example.com"},
		'HTTP/2: a request arrives');
	is(`@curl --data-binary \@$two->{dir}/body $url/hash`, '256000 ' . sha256_hex($bytes x 1000),
		'HTTP/2: a body arrives');
	like(`@curl -I $url/status/200`, qr{^HTTP/2 200.*x-request-id: [0-9a-f]{32}}s, 'HTTP/2: HEAD');
	is(length `@curl $url/large/2000000`, 2_000_000, 'HTTP/2: a large answer arrives');
	$two->stop;
	unlike($two->log, qr/\[(emerg|crit|alert)\]/, 'HTTP/2: nothing went wrong');
}

$bridge->stop;
unlike($bridge->log, qr/\[(emerg|crit)\]|exited on signal/, 'nothing went wrong on the way');
done_testing();

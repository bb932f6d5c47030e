# Every bad directive stops "nginx -t" with a sentence that names it; good ones do not.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../perl";
use IPC::Run qw(run);
use PostgreSQL::Test::Utils;
use ScimBridge;
use Test::More;

ScimBridge::require_bridge();

# No server: nothing connects while a configuration is tested.
my $self = bless {
	port => 8080,
	dir => PostgreSQL::Test::Utils::tempdir(),
	opt => {},
}, 'ScimBridge';

sub test_conf
{
	my (%opt) = @_;
	$self->{opt} = { conninfo => 'dbname=postgres', %opt };
	$self->write_conf;
	my $ok = run [ $self->command('-t') ], '<', \undef, '>', \my $out, '2>', \my $err;
	return ($ok, $out . $err);
}

sub good
{
	my ($what, %opt) = @_;
	my ($ok, $text) = test_conf(%opt);
	ok($ok, $what) or diag($text);
	return;
}

sub bad
{
	my ($what, $sentence, %opt) = @_;
	my ($ok, $text) = test_conf(%opt);
	ok(!$ok, "$what is refused");
	like($text, qr/\[emerg\].*$sentence/, '... with a sentence') or diag($text);
	return;
}

good('the minimum');
good('everything', location => join(' ', 'scim_pool 256;', 'scim_queue 100000;',
	'scim_queue_timeout 5s;', 'scim_statement_timeout 1ms;', 'scim_pass_header X-A;',
	'scim_pass_header X-B;', 'scim_read_pass "host=a,b target_session_attrs=prefer-standby";'));
good('settings of the whole server', http => 'scim_pool 2; scim_queue 10; scim_pass_header X-A;');
good('several hosts', conninfo => 'host=a,b port=1,2 dbname=x target_session_attrs=primary');
good('a URI', conninfo => 'postgresql://user@a,b:2/x?connect_timeout=3');
good('a password file', conninfo => 'host=a passfile=/x');
good("nginx's variables in scim_base_url", location => 'scim_base_url $scheme://$host;');
good('IPv6 and a port', location => 'scim_base_url http://[::1]:8080;');
good('limit_except', location => 'limit_except GET { deny all; }');
good('status and ready beside it', server => 'location = /s { scim_status prometheus; } location = /r { scim_ready; }');

bad('an empty scim_pass', qr/"scim_pass".*needs a libpq connection string/, conninfo => '');
bad('a bad connection string', qr/bad connection string: missing "="/, conninfo => 'nonsense');
bad('an unknown parameter', qr/bad connection string: invalid connection option "nonsense"/, conninfo => 'nonsense=1');
bad('a password', qr/no password in a connection string/, conninfo => 'host=a password=x');
bad('a password in a URI', qr/no password in a connection string/, conninfo => 'postgresql://a:b@c/d');
bad('scim_pass twice', qr/"scim_pass" directive is duplicate/, location => 'scim_pass "dbname=x";');
bad('scim_pass beside another handler', qr/"scim_pass".*conflicts/,
	server => 'location /x { scim_status; scim_pass "dbname=x"; }');
bad('scim_ready beside another handler', qr/"scim_ready".*conflicts/,
	server => 'location /x { scim_status; scim_ready; }');
bad("scim_pool $_", qr/(?:"scim_pool".*)?(?:must be|invalid)/, location => "scim_pool $_;")
  foreach ('0', '-1', '257', 'x', '1.5');
bad("scim_queue $_", qr/(?:"scim_queue".*)?(?:must be|invalid)/, location => "scim_queue $_;")
  foreach ('0', '100001', 'x');
bad("scim_queue_timeout $_", qr/"scim_queue_timeout"/, location => "scim_queue_timeout $_;")
  foreach ('0', 'x', '-1s');
bad("scim_statement_timeout $_", qr/"scim_statement_timeout"/, location => "scim_statement_timeout $_;")
  foreach ('0', '30d', 'x');
bad("scim_base_url $_", qr/"scim_base_url" must be scheme:\/\/host/, location => "scim_base_url '$_';")
  foreach ('', 'https://', 'example.com', 'ftp://example.com', 'https://example.com/',
	'https://example.com/scim', 'https://example.com?x', 'https://a@example.com', 'https://a b',
	'HTTPS://example.com');
bad('scim_base_url twice', qr/"scim_base_url" directive is duplicate/,
	location => 'scim_base_url http://a; scim_base_url http://a;');
bad('an unknown variable', qr/unknown "nonsense" variable/, location => 'scim_base_url $nonsense;');
bad("scim_pass_header '$_'", qr/"scim_pass_header"/, location => "scim_pass_header '$_';")
  foreach ('', 'a b', ':scheme', 'a:', 'Host', 'Content-Length', 'transfer-encoding', 'Connection',
	'Authorization', 'x-request-id');
bad('scim_read_pass alone', qr/"scim_read_pass" needs a scim_pass/,
	server => 'location /x { scim_read_pass "dbname=x"; }');
bad('a bad scim_read_pass', qr/bad connection string/, location => 'scim_read_pass "x";');
bad('an unknown status format', qr/"scim_status" takes/, server => 'location /x { scim_status xml; }');
bad('scim_ready with an argument', qr/invalid number of arguments in "scim_ready"/,
	server => 'location /x { scim_ready now; }');

{
	no warnings 'redefine';
	my $write = \&ScimBridge::write_conf;
	local *ScimBridge::write_conf = sub {
		$write->(@_);
		my $text = slurp_file("$self->{dir}/nginx.conf");
		$text =~ s/^\t\tscim_base_url.*$//m;
		open(my $fh, '>', "$self->{dir}/nginx.conf") or die $!;
		print $fh $text;
		close $fh;
	};
	bad('no scim_base_url', qr/"scim_pass" needs a scim_base_url/);
}

# ---- scim_base_url from variables is checked when it is used ----

my $node = ScimBridge::cluster_with_double();
my $bridge = ScimBridge->new($node, location => 'scim_base_url $http_x_base;');
like($bridge->request('GET', '/echo', headers => [ 'X-Base' => 'http://a.example:81' ])->{body},
	qr/":scheme","http",":authority","a.example:81"/, 'scim_base_url of the request');
foreach my $bad ('http://a/b', 'http://', 'x', '', 'http://a"b')
{
	my $answer = $bridge->request('GET', '/echo', headers => [ 'X-Base' => $bad ]);
	is($answer->{status}, 500, "\"$bad\" is none");
	like($answer->{body}, qr/"status":"500"/, '... with a SCIM error');
}
like($bridge->log, qr/scim_base_url is no scheme/, 'the log says so');
$bridge->stop;
done_testing();

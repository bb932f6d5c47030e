# OAuth and JWTs on a cluster: what a standby can do, what a dump gives away, what files and logs hold.

use strict;
use warnings;

use Digest::SHA qw(sha256);
use MIME::Base64 qw(encode_base64 encode_base64url);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $primary = PostgreSQL::Test::Cluster->new('primary');
$primary->init(allows_streaming => 1, extra => [ '--encoding=UTF8', '--locale=C' ]);
$primary->append_conf('postgresql.conf', q{
shared_preload_libraries = 'pg_stat_statements'
pg_stat_statements.track = all
log_statement = none
});
$primary->start;
my $password = 'correct horse battery';
my $hmac_key = 'a key that both sides know, 32 bytes and more';
$primary->safe_psql('postgres', qq{
	CREATE EXTENSION scim CASCADE;
	CREATE EXTENSION pg_stat_statements;
	SELECT FROM scim_create_directory('opaque');
	SELECT FROM scim_create_directory('signed', settings => '{"jwt_access_tokens": true}');
	SELECT scim_create_administrator('opaque', 'ada', '$password');
	SELECT scim_trust_issuer('opaque', 'https://idp.test/', 'scim', '{HS256}', hmac_key => '$hmac_key', default_scopes => '{read}');});

# A client of a directory: id and secret.
sub client
{
	my ($directory, $type, $uris) = @_;
	my $id = $primary->safe_psql('postgres', "SELECT scim_create_oauth_client('$directory', '$type', '$type', '{scim}', '$uris')");
	return [ $id, $primary->safe_psql('postgres', "SELECT scim_create_client_secret('$directory', '$id', for_assertions => true)") ];
}

# Status, Location and body of a request; the SQLSTATE of what scim_http raised as the status.
sub request
{
	my ($node, $database, $method, $target, $form, @headers) = @_;
	my $fields = join ',', map { "'$_'" } ':scheme', 'https', ':authority', 'scim.test', ':peer', '192.0.2.1',
	  'content-type', 'application/x-www-form-urlencoded', @headers;
	my ($status, $out, $err) = $node->psql($database, "SELECT status, coalesce(jsonb_object(headers) ->> 'Location', ''),
		coalesce(jsonb_object(headers) ->> 'Set-Cookie', ''), body FROM scim_http('$method', '$target', ARRAY[$fields], '$form')",
		extra_params => [ '--set=VERBOSITY=sqlstate', '-F', "\t" ]);
	return ($err =~ s/.*ERROR:  (\w+).*/$1/sr) if $status != 0;
	return split /\t/, $out, 4;
}

sub token
{
	my ($node, $database, $client, $form) = @_;
	my ($status, undef, undef, $body) = request($node, $database, 'POST', '/oauth/token', $form, 'authorization',
		'Basic ' . encode_base64(join(':', @$client), ''));
	return ($status, map { ($body // '') =~ /"$_":"([^"]*)"/ ? $1 : undef } qw(access_token refresh_token));
}

sub status_of
{
	my ($node, $database, $token) = @_;
	return (request($node, $database, 'GET', '/scim/v2/Users', '', 'authorization', "Bearer $token"))[0];
}

# Signs in and approves; the code.
sub approve
{
	my ($client) = @_;
	my $target = "/oauth/authorize?response_type=code&client_id=$client->[0]";
	my (undef, undef, $cookie, $page) = request($primary, 'postgres', 'GET', $target, '');
	$cookie =~ s/;.*//;
	foreach my $form ("username=ada&password=$password", 'decision=approve')
	{
		my %hidden = $page =~ /name="(csrf|ticket)" value="([^"]*)"/g;
		my (undef, $location, undef, $next) = request($primary, 'postgres', 'POST', $target,
			join('&', $form =~ s/ /+/gr, map { "$_=$hidden{$_}" } sort keys %hidden), 'cookie', $cookie);
		return $1 if $location =~ /[?&]code=([^&]*)/;
		$page = $next;
	}
	return;
}

# A JWT of the trusted issuer.
sub foreign
{
	my $text = encode_base64url('{"alg":"HS256"}') . '.'
	  . encode_base64url('{"iss":"https://idp.test/","aud":"scim","exp":4102444800}');
	return $text . '.' . encode_base64url(Digest::SHA::hmac_sha256($text, $hmac_key));
}

my ($opaque, $signed) = (client('opaque', 'server', '{}'), client('signed', 'server', '{}'));
my $web = client('opaque', 'web', '{https://app.test/cb}');
my ($status, $access) = token($primary, 'postgres', $opaque, 'grant_type=client_credentials');
is($status, '200', 'an opaque access token');
($status, my $jwt) = token($primary, 'postgres', $signed, 'grant_type=client_credentials');
is($status, '200', 'a signed access token');
my $used = approve($web);
($status, my $granted, my $refresh) = token($primary, 'postgres', $web, "grant_type=authorization_code&code=$used");
is($status, '200', 'tokens for a code');
my $code = approve($web);
my %tokens = (opaque => $access, signed => $jwt, granted => $granted, foreign => foreign());

# --- a standby: it verifies all kinds, issues signed tokens, and writes nothing ---

$primary->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->start;

sub catch_up
{
	$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
}

catch_up();
is(status_of($standby, 'postgres', $tokens{$_}), '200', "a standby verifies: $_") foreach sort keys %tokens;
is(status_of($standby, 'postgres', "$jwt."), '401', 'a standby refuses');
is((token($standby, 'postgres', $signed, 'grant_type=client_credentials'))[0], '200', 'a standby issues a signed token, since that writes nothing');
is((token($standby, 'postgres', $opaque, 'grant_type=client_credentials'))[0], '25006', 'but no opaque one');
is((request($standby, 'postgres', 'GET', "/oauth/authorize?response_type=code&client_id=$web->[0]", ''))[0], '200', 'a standby shows the sign-in page');
is($standby->safe_psql('postgres', q{
	SET scim.max_failures = 2;
	SELECT string_agg((SELECT h.status::text FROM scim_http('GET', '/scim/v2/Users?startIndex=' || i,
		ARRAY[':peer', '203.0.113.1', 'authorization', 'Bearer wrong'], '') AS h), ' ' ORDER BY i) FROM generate_series(1, 4) AS i}), '401 401 429 429', 'a standby counts failures');
is($standby->safe_psql('postgres', q{SELECT count(*) FROM scim.credentials WHERE last_used_at IS NOT NULL}), '0', 'it knows no last use of what nobody used');

# What ends on the primary ends on the standby.
request($primary, 'postgres', 'POST', '/oauth/revoke', "token=$jwt", 'authorization', 'Basic ' . encode_base64(join(':', @$signed), ''));
$primary->safe_psql('postgres', q{SELECT scim_revoke_grant('opaque', grant_id) FROM scim.oauth_grants;
	SELECT scim_alter_oauth_client(directory, client_id, enabled => false) FROM scim.oauth_clients WHERE directory = 'opaque' AND type = 'server';
	SELECT scim_distrust_issuer('opaque', issuer_id) FROM scim.trusted_issuers;});
catch_up();
is(status_of($standby, 'postgres', $tokens{$_}), '401', "ended on the primary, refused by the standby: $_") foreach sort keys %tokens;
$standby->stop;

# --- a dump: whoever has it can use nothing of it ---

$primary->safe_psql('postgres', qq{
	SELECT scim_alter_oauth_client(directory, client_id, enabled => true) FROM scim.oauth_clients;
	SELECT scim_trust_issuer('opaque', 'https://idp.test/', 'scim', '{HS256}', hmac_key => '$hmac_key', default_scopes => '{read}');});
(undef, $access) = token($primary, 'postgres', $opaque, 'grant_type=client_credentials');
(undef, $jwt) = token($primary, 'postgres', $signed, 'grant_type=client_credentials');
$code = approve($web);
(undef, $granted, $refresh) = token($primary, 'postgres', $web, 'grant_type=authorization_code&code=' . approve($web));
my %secrets = (
	'client secret' => $opaque->[1], 'access token' => $access, 'signed token' => (split /\./, $jwt)[2],
	'code' => $code, 'refresh token' => $refresh, 'password' => $password, 'shared key' => $hmac_key,
	'shared key in hexadecimal' => unpack('H*', $hmac_key), 'client secret in hexadecimal' => unpack('H*', $opaque->[1]),
	'signing key' => $primary->safe_psql('postgres', q{SELECT encode(private_key, 'hex') FROM scim.signing_key LIMIT 1}),
	'key of forms' => $primary->safe_psql('postgres', q{SELECT encode(value, 'hex') FROM scim.secret WHERE name = 'consent'}));
my $dump = $primary->basedir . '/scim.sql';
$primary->command_ok([ 'pg_dump', '-f', $dump, $primary->connstr('postgres') ], 'pg_dump');
my $text = slurp_file($dump);
like($text, qr/\Q@{[ unpack 'H*', sha256($opaque->[1]) ]}\E/, 'the dump holds the hash of a client secret');
is(index($text, $secrets{$_}), -1, "and no $_") foreach sort keys %secrets;

# Nor does anything in it work as what it is the hash of.
my @hashes = $text =~ /\\\\x([0-9a-f]{64})\b/g;
ok(@hashes > 5, 'there are hashes to try');
my @tries = map { ($_, pack('H*', $_) =~ /\A[\x21-\x7e]+\z/ ? pack('H*', $_) : (), encode_base64url(pack 'H*', $_)) } @hashes;
is(scalar(grep { status_of($primary, 'postgres', $_) ne '401' } @tries), 0, 'no hash is a bearer token');
is(scalar(grep { (token($primary, 'postgres', [ $opaque->[0], $_ ], 'grant_type=client_credentials'))[0] !~ /^4(01|29)$/ } @tries), 0, 'or a client secret');
is(scalar(grep { (token($primary, 'postgres', $web, "grant_type=refresh_token&refresh_token=$_"))[0] ne '400' } @tries), 0, 'or a refresh token');
is(scalar(grep { (token($primary, 'postgres', $web, "grant_type=authorization_code&code=$_"))[0] ne '400' } @tries), 0, 'or a code');

# A restored database serves the owners of the secrets; what depends on a key that is not dumped ends.
$primary->safe_psql('postgres', 'CREATE DATABASE restored');
$primary->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', $dump, $primary->connstr('restored') ], 'restored');
is(status_of($primary, 'restored', $access), '200', 'restored: an opaque token works');
is((token($primary, 'restored', $web, "grant_type=refresh_token&refresh_token=$refresh"))[0], '200', 'restored: a refresh token works');
is((token($primary, 'restored', $opaque, 'grant_type=client_credentials'))[0], '200', 'restored: a client secret works');
is(status_of($primary, 'restored', $jwt), '401', 'restored: a token signed with the old key does not');
is(status_of($primary, 'restored', foreign()), '401', 'restored: nor one of an issuer whose key was shared');
($status, my $fresh) = token($primary, 'restored', $signed, 'grant_type=client_credentials');
is($status, '200', 'restored: a new key signs');
is(status_of($primary, 'restored', $fresh), '200', 'restored: and verifies');

# --- statistics and logs ---

my $seen = $primary->safe_psql('postgres', 'SELECT string_agg(query, chr(10)) FROM pg_stat_statements');
like($seen, qr/oauth_refresh/, 'statements of OAuth are counted');
is(index($seen, $secrets{$_}), -1, "no $_ in pg_stat_statements") foreach sort keys %secrets;
my $log = slurp_file($primary->logfile);
is(index($log, $secrets{$_}), -1, "no $_ in the server's log") foreach grep { $_ !~ /^password|^shared key$/ } sort keys %secrets;

$primary->stop;
done_testing();

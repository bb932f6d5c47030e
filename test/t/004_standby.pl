# A hot standby answers reads and verifies tokens, refuses writes, and takes over.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $primary = PostgreSQL::Test::Cluster->new('primary');
$primary->init(allows_streaming => 1, extra => [ '--encoding=UTF8', '--locale=C' ]);
$primary->start;
$primary->safe_psql('postgres', q{
	CREATE EXTENSION scim CASCADE;
	SELECT FROM scim_create_directory('acme');
	SELECT FROM scim_create_user('acme', '{"userName": "bjensen", "title": "Guide"}');});
my $token = $primary->safe_psql('postgres', q{SELECT scim_issue_token('acme', 't')});
$primary->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->start;

# Status and body of a request, or the SQLSTATE of what scim_http raised.
sub request
{
	my ($node, $method, $target, $body) = @_;
	my ($status, $out, $err) = $node->psql('postgres', "SELECT status, body FROM scim_http('$method', '$target',
		ARRAY['authorization', 'Bearer $token', 'content-type', 'application/scim+json'], '" . ($body // '') . "')",
		extra_params => [ '--set=VERBOSITY=sqlstate' ]);
	return $status == 0 ? $out : $err =~ s/.*ERROR:  (\w+).*/$1/sr;
}

sub catch_up
{
	$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
}

catch_up();
my $id = $primary->safe_psql('postgres', q{SELECT id FROM scim_search('acme', 'User')});
foreach my $target ("/scim/v2/Users/$id", '/scim/v2/Users', '/scim/v2/Users?filter=title%20eq%20%22guide%22',
	'/scim/v2/Groups', '/scim/v2/Schemas', '/scim/v2/ServiceProviderConfig', '/scim/v2/Users/none', '/scim/v2/nothing')
{
	my $answer = request($primary, 'GET', $target);
	like($answer, qr/^[24]0[04]\|/, "$target: the primary answers");
	is(request($standby, 'GET', $target), $answer, "$target: the standby answers the same");
}
is(request($standby, 'POST', '/scim/v2/Users/.search',
		'{"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "count": 0}') =~ /^200/ ? 1 : 0, 1,
	'a search by POST is a read');
is($standby->safe_psql('postgres', "SELECT label, can_write FROM scim_verify_token('$token')"), 't|t',
	'tokens are verified');
is($standby->safe_psql('postgres', q{SELECT user_name FROM scim.users}), 'bjensen', 'views are read');

# Writes: refused as the server refuses them (25006), which the bridge tells from an answer.
is(request($standby, 'POST', '/scim/v2/Users', '{"userName": "x"}'), '25006', 'POST is refused');
is(request($standby, 'PUT', "/scim/v2/Users/$id", '{"userName": "x"}'), '25006', 'PUT is refused');
is(request($standby, 'PATCH', "/scim/v2/Users/$id",
		'{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "add", "path": "title", "value": "x"}]}'),
	'25006', 'PATCH is refused');
is(request($standby, 'DELETE', "/scim/v2/Users/$id"), '25006', 'DELETE is refused');
is(request($standby, 'POST', '/scim/v2/Users', '{'), request($primary, 'POST', '/scim/v2/Users', '{'),
	'what is wrong anyway is told as ever');

# What changes on the primary counts on the standby, also for what its sessions have cached.
$primary->safe_psql('postgres', q{SELECT scim_alter_directory('acme', enabled => false)});
catch_up();
like(request($standby, 'GET', '/scim/v2/Users'), qr/^403/, 'disabled');
$primary->safe_psql('postgres', q{SELECT scim_alter_directory('acme', enabled => true);
	SELECT scim_create_user('acme', '{"userName": "second"}')});
catch_up();
like(request($standby, 'GET', '/scim/v2/Users'), qr/"totalResults":2\b/, 'a new user');
my $other = $primary->safe_psql('postgres', q{SELECT scim_issue_token('acme', 'other')});
$primary->safe_psql('postgres', q{SELECT scim_revoke_token('acme', credential_id) FROM scim.credentials WHERE label = 't'});
catch_up();
like(request($standby, 'GET', '/scim/v2/Users'), qr/^401/, 'a revoked token');

# Switch-over.
$primary->stop;
$standby->promote;
$token = $other;
like(request($standby, 'POST', '/scim/v2/Users', '{"userName": "third"}'), qr/^201/, 'the promoted standby writes');
like(request($standby, 'POST', '/scim/v2/Users', '{"userName": "BJENSEN"}'), qr/^409/, 'with the names it knows');
is($standby->safe_psql('postgres', q{
	SELECT name FROM scim_create_directory('new') \g /dev/null
	SELECT count(DISTINCT directory_id) = count(*) FROM scim.directory}), 't', 'and numbers that are fresh');

$standby->stop;
done_testing();

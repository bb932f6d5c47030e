# A dumped and restored database answers the same: resources, versions, memberships, tokens, switches.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $source = PostgreSQL::Test::Cluster->new('source');
my $target = PostgreSQL::Test::Cluster->new('target');
foreach my $node ($source, $target)
{
	$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
	$node->start;
}

# Directories of all kinds, with ids that are not in a row, and every sort of row.
my $patch = q{jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:PatchOp"]'::jsonb,
	'Operations', jsonb_build_array(jsonb_build_object('op', 'add', 'path', 'title', 'value', 'Guide')))};
$source->safe_psql('postgres', qq{
	CREATE EXTENSION scim CASCADE;
	INSERT INTO scim.profile (name, settings) VALUES ('mine', '{"max_page_size": 3}');
	SELECT FROM scim_create_directory('gone');
	SELECT FROM scim_create_directory('acme', settings => '{"default_page_size": 50}');
	SELECT FROM scim_create_directory('mine', profile => 'mine');
	SELECT FROM scim_create_directory('shut', profile => 'strict');
	SELECT FROM scim_alter_directory('shut', enabled => false);
	SELECT scim_drop_directory('gone');
	SELECT count(scim_create_user(d, jsonb_build_object('userName', 'user' || i, 'displayName', 'Ünï ' || i,
		'externalId', i::text, 'active', i % 2 = 0, 'password', 'secret' || i, 'emails',
		jsonb_build_array(jsonb_build_object('value', i || '\@example.com', 'primary', true)))))
	FROM (VALUES ('acme'), ('mine')) AS v(d), generate_series(1, 7) AS i;
	SELECT scim_patch_user('acme', id, $patch) FROM scim_search('acme', 'User', 'userName ew "3"');
	SELECT scim_create_group('acme', jsonb_build_object('displayName', 'inner', 'members',
		jsonb_agg(jsonb_build_object('value', id)))) FROM scim_search('acme', 'User', 'active eq true');
	SELECT scim_create_group('acme', jsonb_build_object('displayName', 'outer', 'members',
		jsonb_agg(jsonb_build_object('value', id)))) FROM scim_search('acme', 'Group');
	SELECT scim_delete_user('acme', id) FROM scim_search('acme', 'User', 'userName eq "user6"');});

# A schema of one directory's own.
$source->safe_psql('postgres', q{
	SELECT scim_register_schema('mine', '{"id": "urn:example:2.0:T", "name": "T", "description": "T", "attributes":
		[{"name": "colour", "type": "string", "multiValued": false, "description": "c", "required": false,
		  "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "server"}]}', 'User');
	SELECT scim_create_user('mine', '{"userName": "red", "urn:example:2.0:T": {"colour": "red"}}');});

my %tokens = map { $_ => $source->safe_psql('postgres', "SELECT scim_issue_token('$_', 'of $_')") }
  qw(acme mine shut);
$tokens{revoked} = $source->safe_psql('postgres', q{SELECT scim_issue_token('acme', 'revoked')});
$tokens{reader} = $source->safe_psql('postgres', q{SELECT scim_issue_token('acme', 'reader', '{read}')});
$source->safe_psql('postgres', q{SELECT scim_revoke_token('acme', credential_id) FROM scim.credentials
	WHERE label = 'revoked'});

# Everything a client or an application can see, and the hashes behind it.
sub answers
{
	my ($node, $database) = @_;
	my $all = '';
	foreach my $name (sort keys %tokens)
	{
		foreach my $request ("'GET', '/scim/v2/Users'", "'GET', '/scim/v2/Groups'", "'GET', '/scim/v2/Schemas'",
			"'GET', '/scim/v2/ResourceTypes'", "'GET', '/scim/v2/ServiceProviderConfig'",
			"'GET', '/scim/v2/Users?filter=colour%20eq%20%22red%22'", "'GET', '/scim/v2/Users?sortBy=displayName'", "'POST', '/scim/v2/Users'")
		{
			$all .= $node->safe_psql($database, "SELECT status, headers, body FROM scim_http($request,
				ARRAY['authorization', 'Bearer $tokens{$name}'], '')") . "\n";
		}
		$all .= $node->safe_psql($database, "SELECT * FROM scim_verify_token('$tokens{$name}')") . "\n";
	}
	return $all . $node->safe_psql($database, q{
		SELECT * FROM scim.users ORDER BY directory_id, id; SELECT * FROM scim.groups ORDER BY directory_id, id;
		SELECT * FROM scim.memberships ORDER BY 1, 2, 3; SELECT directory, credential_id, label, scopes, created_at, expires_at, revoked_at, disabled_at, networks FROM scim.credentials ORDER BY 1, 2;
		SELECT * FROM scim.directory ORDER BY directory_id; SELECT * FROM scim.profile ORDER BY name;
		SELECT id, version, password FROM scim.resource ORDER BY directory_id, id;});
}

# A dump without the key that newer releases of pg_dump draw for each.
sub slurp_dump
{
	return slurp_file(shift) =~ s/^\\(un)?restrict .*$//mgr;
}

my $expected = answers($source, 'postgres');
like($expected, qr/"userName":"red"/, 'the answers hold what was stored');
my $dump = $source->basedir . '/scim';

sub check
{
	my ($name) = @_;
	is(answers($target, $name), $expected, "$name: the same answers");
	is($target->safe_psql($name, q{SELECT bool_and(password = crypt('secret' || external_id, password))
		FROM scim.resource WHERE password IS NOT NULL}), 't', "$name: passwords match");
	is($target->safe_psql($name, q{
		SELECT FROM scim_create_directory('next') \g /dev/null
		SELECT count(*),
			min(directory_id) > (SELECT max(directory_id) FROM scim.directory WHERE name <> 'next')
		FROM scim.directory WHERE name = 'next'}), '1|t', "$name: the next directory has a fresh id");
	is($target->safe_psql($name, qq{SELECT status FROM scim_http('POST', '/scim/v2/Users', ARRAY['authorization',
		'Bearer $tokens{acme}', 'content-type', 'application/json'], '{"userName": "USER1"}')}), '409',
		"$name: unique values are");
	is($target->safe_psql($name, qq{SELECT status FROM scim_http('POST', '/scim/v2/Users', ARRAY['authorization',
		'Bearer $tokens{acme}', 'content-type', 'application/json'], '{"userName": "fresh"}')}), '201',
		"$name: and new ones come");
	is($target->safe_psql($name, q{SELECT count(*) FROM pg_class c JOIN pg_depend d ON d.objid = c.oid
		JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'scim'
		WHERE c.relkind IN ('r', 'S') AND c.relowner <> 'scim_owner'::regrole}), '0', "$name: owners are");
}

$source->command_ok([ 'pg_dump', '-f', "$dump.sql", $source->connstr('postgres') ], 'pg_dump, plain');
$target->safe_psql('postgres', 'CREATE DATABASE plain');
$target->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', "$dump.sql", $target->connstr('plain') ],
	'restored without an error into a cluster that knows no role of ours');
check('plain');

$source->command_ok([ 'pg_dump', '-Fc', '-f', "$dump.dump", $source->connstr('postgres') ], 'pg_dump -Fc');
$target->safe_psql('postgres', 'CREATE DATABASE custom');
$target->command_ok([ 'pg_restore', '--exit-on-error', '-d', $target->connstr('custom'), "$dump.dump" ], 'pg_restore');
check('custom');

$target->safe_psql('postgres', 'CREATE DATABASE parallel');
$target->command_ok([ 'pg_restore', '--exit-on-error', '-j', '2', '-d', $target->connstr('parallel'), "$dump.dump" ],
	'pg_restore by two jobs');
check('parallel');

# A dump of a restored database is the same dump.
$target->safe_psql('postgres', 'CREATE DATABASE again');
$target->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', "$dump.sql", $target->connstr('again') ],
	'restored again');
$target->command_ok([ 'pg_dump', '-f', "$dump-again.sql", $target->connstr('again') ], 'dumped again');
is(slurp_dump("$dump-again.sql"), slurp_dump("$dump.sql"), 'the same dump');

$_->stop foreach $source, $target;
done_testing();

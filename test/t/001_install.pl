# CREATE EXTENSION takes nothing that is not its own, and DROP EXTENSION leaves nothing but the roles.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my @roles = qw(scim_owner scim_admin scim_service scim_reader);
my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->start;

# What of ours is in a database, and which of our roles the cluster has.
sub traces
{
	my ($database) = @_;
	return $node->safe_psql($database, q{
		SELECT count(*) FROM pg_namespace WHERE nspname = 'scim' AND nspowner::regrole::text ~ '^scim_';
		SELECT count(*) FROM pg_proc WHERE proname LIKE 'scim\_%';
		SELECT count(*) FROM pg_extension WHERE extname IN ('scim', 'pgcrypto');
		SELECT count(*) FROM pg_roles WHERE rolname LIKE 'scim\_%';});
}

# CREATE EXTENSION must fail with this SQLSTATE and leave no trace but what was there before.
sub refuses
{
	my ($database, $sqlstate, $name) = @_;
	my $before = traces($database);
	my ($status, $out, $err) = $node->psql($database, 'CREATE EXTENSION scim CASCADE',
		extra_params => [ '--set=VERBOSITY=sqlstate' ]);
	isnt($status, 0, "$name: refused");
	like($err, qr/ERROR:  $sqlstate$/m, "$name: $sqlstate");
	is(traces($database), $before, "$name: no trace");
}

# ---- where it cannot be ----

$node->safe_psql('postgres', 'CREATE DATABASE ascii ENCODING SQL_ASCII TEMPLATE template0');
refuses('ascii', '0A000', 'database without UTF-8');

foreach my $role (@roles)
{
	foreach my $power (qw(LOGIN SUPERUSER CREATEROLE))
	{
		$node->safe_psql('postgres', "CREATE ROLE $role $power");
		refuses('postgres', '42710', "$role planted with $power");
		$node->safe_psql('postgres', "DROP ROLE $role");
	}
}

$node->safe_psql('postgres', 'CREATE ROLE mallory LOGIN; GRANT CREATE ON DATABASE postgres TO mallory;'
	  . 'CREATE SCHEMA scim AUTHORIZATION mallory');
refuses('postgres', '42P06', 'planted schema');
is($node->safe_psql('postgres', q{SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'scim'}),
	'mallory', 'the planted schema is as it was');
$node->safe_psql('postgres', 'DROP SCHEMA scim');

$node->safe_psql('postgres', q{CREATE FUNCTION pg_catalog.scim_get_user(text) RETURNS jsonb
	LANGUAGE sql AS 'SELECT NULL::jsonb'});
refuses('postgres', '42723', 'planted function');
$node->safe_psql('postgres', 'DROP FUNCTION pg_catalog.scim_get_user(text)');

my ($status, $out, $err) = $node->psql('postgres', 'CREATE EXTENSION scim CASCADE',
	extra_params => [ '--username=mallory', '--set=VERBOSITY=sqlstate' ]);
like($err, qr/42501/, 'nobody but a superuser installs it');

($status, $out, $err) = $node->psql('postgres', 'CREATE EXTENSION scim',
	extra_params => [ '--set=VERBOSITY=sqlstate' ]);
like($err, qr/ERROR/, 'pgcrypto is asked for');

# ---- where it is ----

# Operators and functions in the way of the installing session change nothing.
$node->safe_psql('postgres', q{
	CREATE SCHEMA evil;
	CREATE FUNCTION evil.no(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'hijacked'; END $$;
	CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.no);
	CREATE FUNCTION evil.format(text, VARIADIC "any") RETURNS text LANGUAGE internal IMMUTABLE AS 'text_format';
	SET search_path = evil, pg_catalog;
	CREATE EXTENSION scim CASCADE;});
is($node->safe_psql('postgres', q{SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles
	WHERE rolname LIKE 'scim\_%' AND NOT rolcanlogin AND NOT rolsuper}),
	'scim_admin scim_owner scim_reader scim_service', 'the roles are made');

# A second database shares the roles; pgcrypto may be anywhere.
$node->safe_psql('postgres', 'CREATE DATABASE second');
$node->safe_psql('second', q{CREATE SCHEMA "Odd crypto"; CREATE EXTENSION pgcrypto SCHEMA "Odd crypto";
	CREATE EXTENSION scim});
($status, $out, $err) = $node->psql('second', q{
	SELECT FROM scim_create_directory('acme') \g /dev/null
	SELECT FROM scim_create_user('acme', '{"userName": "u", "password": "secret"}') \g /dev/null
	SELECT password = "Odd crypto".crypt('secret', password) FROM scim.resource});
is($out, 't', 'pgcrypto is found in its own schema');

# ---- and gone ----

# Everything that a database holds, by name.
my $catalog = q{
	SELECT string_agg(x, E'\n' ORDER BY x COLLATE "C") FROM (
		SELECT 'relation ' || oid::regclass FROM pg_class UNION ALL
		SELECT 'function ' || oid::regprocedure FROM pg_proc UNION ALL
		SELECT 'type ' || oid::regtype FROM pg_type UNION ALL
		SELECT 'schema ' || nspname FROM pg_namespace UNION ALL
		SELECT 'operator ' || oid::regoperator FROM pg_operator UNION ALL
		SELECT 'trigger ' || tgname FROM pg_trigger UNION ALL
		SELECT 'privilege ' || i.objoid FROM pg_init_privs i WHERE i.objoid >= 16384 UNION ALL
		SELECT 'default ' || oid FROM pg_default_acl UNION ALL
		SELECT 'comment ' || objoid FROM pg_description WHERE objoid >= 16384) AS o(x)};
$node->safe_psql('postgres', 'CREATE DATABASE third');
$node->safe_psql('third', 'CREATE EXTENSION pgcrypto');
my $before = $node->safe_psql('third', $catalog);
$node->safe_psql('third', q{
	CREATE EXTENSION scim;
	SELECT FROM scim_create_directory('acme');
	SELECT FROM scim_create_user('acme', '{"userName": "u", "password": "x"}');
	SELECT FROM scim_search('acme', 'User', 'userName sw "u"');
	CREATE TABLE account (directory_id int, user_id uuid,
		FOREIGN KEY (directory_id, user_id) REFERENCES scim.resource (directory_id, id));});
($status, $out, $err) = $node->psql('third', 'DROP EXTENSION scim',
	extra_params => [ '--set=VERBOSITY=sqlstate' ]);
like($err, qr/2BP01/, 'an application that refers to users keeps the extension');
$node->safe_psql('third', 'DROP TABLE account; DROP EXTENSION scim');
is($node->safe_psql('third', $catalog), $before, 'DROP EXTENSION leaves nothing behind');
is($node->safe_psql('third', q{SELECT count(*) FROM pg_roles WHERE rolname LIKE 'scim\_%'}), '4',
	'but the roles, which other databases share');
$node->safe_psql('third', 'CREATE EXTENSION scim');
is($node->safe_psql('third', 'SELECT count(*) FROM scim.directory'), '0', 'and it can come again, empty');

# Dropped and made again within one session, which knows plans and caches of the old one.
is($node->safe_psql('third', q{
	SELECT FROM scim_create_directory('acme') \g /dev/null
	SELECT FROM scim_create_user('acme', '{"userName": "old"}') \g /dev/null
	DROP EXTENSION scim;
	CREATE EXTENSION scim;
	SELECT FROM scim_create_directory('acme') \g /dev/null
	SELECT FROM scim_create_user('acme', '{"userName": "new"}') \g /dev/null
	SELECT resource ->> 'userName' FROM scim_search('acme', 'User', 'userName pr')}),
	'new', 'a session outlives the extension');

$node->stop;
done_testing();

# Settings of the server: in postgresql.conf, per database and role, on reload, with and without preloading.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->start;
$node->safe_psql('postgres', q{
	CREATE EXTENSION scim CASCADE;
	SELECT FROM scim_create_directory('acme');
	SELECT FROM scim_create_directory('other');
	SELECT FROM scim_create_user('acme', '{"userName": "in acme"}');
	SELECT FROM scim_create_user('other', '{"userName": "in other"}');
	CREATE ROLE app LOGIN IN ROLE scim_admin;
	ALTER DATABASE postgres SET scim.directory = 'acme';
	ALTER ROLE app SET scim.directory = 'other';});

my $search = q{SELECT resource ->> 'userName' FROM scim_search(resource_type => 'User')};
is($node->safe_psql('postgres', $search), 'in acme', 'the directory of a database');
is($node->safe_psql('postgres', $search, extra_params => [ '--username=app' ]), 'in other', 'the directory of a role');

# postgresql.conf, across a restart; the library comes with the first call.
$node->append_conf('postgresql.conf', q{
scim.max_body_size = '1kB'
scim.password_cost = 5
scim.base_url = 'https://id.example.com'
scim.no_such_setting = 1
});
$node->restart;
my $token = $node->safe_psql('postgres', q{SELECT scim_issue_token('acme', 't')});
my $post = qq{SELECT status FROM scim_http('POST', '/scim/v2/Users', ARRAY['authorization', 'Bearer $token',
	'content-type', 'application/json'], convert_to('{"userName": "' || repeat('x', %d - 16) || '"}', 'UTF8'))};
my $longest = length '{"userName": ""}';
is($longest, 16, 'the frame of a body');
is($node->safe_psql('postgres', sprintf $post, 1024), '201', 'a body of the size in postgresql.conf');
is($node->safe_psql('postgres', sprintf $post, 1025), '413', 'and one byte more');
is($node->safe_psql('postgres', q{
	SELECT FROM scim_create_user('{"userName": "p", "password": "x"}') \g /dev/null
	SELECT left(password, 7) FROM scim.resource WHERE user_name = 'p'}), '$2a$05$', 'the cost of passwords');
like($node->safe_psql('postgres', q{SELECT scim_create_user('{"userName": "l"}') -> 'meta' ->> 'location'}),
	qr{^https://id\.example\.com/acme/scim/v2/Users/}, 'the base of locations');

# A running session takes over a reload.
my $session = $node->can('background_psql') && $node->background_psql('postgres', on_error_stop => 0);
SKIP:
{
	skip 'this PostgreSQL::Test has no sessions to ask again', 1 unless ref $session && $session->can('query');
	$session->query(sprintf $post, 1025);
	$node->append_conf('postgresql.conf', q{scim.max_body_size = '2kB'});
	$node->reload;
	$session->query('SELECT pg_sleep(0)') until $session->query('SHOW scim.max_body_size') eq '2kB';
	is($session->query(sprintf $post, 1025), '201', 'a reload');
	$session->quit;
}

# Values that make no sense are refused where they are set.
foreach my $setting ("scim.max_body_size = '0'", "scim.max_json_depth = 1000", "scim.password_cost = 31",
	"scim.base_url = 'nowhere'", "scim.max_filter_depth = -1")
{
	my ($status, $out, $err) = $node->psql('postgres', "LOAD 'scim'; ALTER SYSTEM SET $setting",
		extra_params => [ '--set=VERBOSITY=sqlstate' ]);
	like($err, qr/22023/, "$setting is refused");
}

# Preloaded, in every process or per session, it is the same.
foreach my $where (qw(shared_preload_libraries session_preload_libraries))
{
	$node->append_conf('postgresql.conf', "$where = 'scim'");
	$node->restart;
	is($node->safe_psql('postgres', "$search LIMIT 1"), 'in acme', $where);
	$node->append_conf('postgresql.conf', "$where = ''");
}

$node->stop;
done_testing();

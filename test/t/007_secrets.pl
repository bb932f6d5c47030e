# Secrets are in no file, log or statistic of the server, and no function lets a stranger's code run as the owner.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->append_conf('postgresql.conf', q{
shared_preload_libraries = 'pg_stat_statements'
pg_stat_statements.track = all
log_statement = none
});
$node->start;
$node->safe_psql('postgres', q{
	CREATE EXTENSION scim CASCADE;
	CREATE EXTENSION pg_stat_statements;
	SELECT FROM scim_create_directory('acme');});

# A token of its own for each of many calls, with 128 bits or more in 62 letters.
my @tokens = split /\n/, $node->safe_psql('postgres', q{SELECT scim_issue_token('acme', 't') FROM generate_series(1, 50)});
my %letters;
$letters{$_}++ for map { split //, substr($_, 5, 43) } @tokens;
my %distinct = map { substr($_, 5, 43) => 1 } @tokens;
is(scalar keys %distinct, 50, 'no token comes twice (OAB-04)');
is(scalar keys %letters, 62, 'its 43 letters are drawn from 62 (OAB-04, AUTH-06)');
is($node->safe_psql('postgres', q{SELECT count(*) FROM scim.credential WHERE expires_at IS NULL OR expires_at = 'infinity'}),
	'0', 'every token ends (AUTH-06)');

my $token = $tokens[0];
my $password = 'Correct-h0rse-battery';
is($node->safe_psql('postgres', qq{
	SELECT status FROM scim_http('POST', '/scim/v2/Users', ARRAY['authorization', 'Bearer $token',
		'content-type', 'application/scim+json'], convert_to('{"userName": "u", "password": "$password"}', 'UTF8'));}),
	'201', 'a user with a password');
$node->safe_psql('postgres', qq{SELECT scim_patch_user('acme', resource ->> 'id',
	'{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
	  "Operations": [{"op": "replace", "path": "password", "value": "$password"}]}') FROM scim_search('acme', 'User')});

# At rest: files of tables, the write-ahead log, statistics and the server's log.
my $seen = $node->safe_psql('postgres', 'SELECT string_agg(query, chr(10)) FROM pg_stat_statements');
like($seen, qr/crypt/, 'statements within functions are counted');
foreach my $secret ($token, substr($token, 5, 43), $password)
{
	is(index($seen, $secret), -1, 'not in pg_stat_statements (SEC-07)');
}
$node->stop;
my @files = ($node->logfile);
my @folders = ($node->data_dir);
while (defined(my $folder = shift @folders))
{
	opendir(my $handle, $folder) or die "$folder: $!";
	my @paths = map { "$folder/$_" } grep { !/^\.\.?$/ } readdir $handle;
	push @folders, grep { -d && !-l } @paths;
	push @files, grep { -f } @paths;
}
my (@leaks, $hashes);
foreach my $file (@files)
{
	my $content = slurp_file($file);
	push @leaks, $file if index($content, substr($token, 5, 43)) >= 0 || index($content, $password) >= 0;
	$hashes++ if $content =~ /\$2a\$\d\d\$/;
}
is("@leaks", '', 'neither token nor password in any file (SEC-02, SEC-07, OAB-04)');
ok($hashes, 'but the hash of the password (SEC-02)');

$node->start;
is($node->safe_psql('postgres', q{SELECT string_agg(p.oid::regprocedure::text, ' ') FROM pg_proc p
	WHERE p.prosecdef AND p.proowner = 'scim_owner'::regrole
	  AND NOT EXISTS (SELECT FROM unnest(p.proconfig) AS c WHERE c LIKE 'search_path=pg_catalog, pg_temp')}),
	'', 'every definer function fixes its search_path (SEC-08)');
is($node->safe_psql('postgres', q{SELECT string_agg(c.oid::regclass::text, ' ') FROM pg_class c
	WHERE c.relnamespace = 'scim'::regnamespace AND c.relkind IN ('r', 'p', 'v')
	  AND (has_table_privilege('scim_service', c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
		OR has_schema_privilege('scim_service', 'scim', 'USAGE'))}),
	'', 'the service may touch no table (SEC-08)');

done_testing();

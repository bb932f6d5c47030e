# A backend that outlives the extension: what it knows of the lists of one is not taken for those of the next, whose directories
# have the same numbers.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->start;

# Makes the extension and as many users as ever, and prints whether a page is the one that all ids tell.
my $life = q{
	CREATE EXTENSION scim CASCADE;
	SELECT FROM scim_create_directory('acme') \g /dev/null
	SELECT count(scim_create_user('acme', jsonb_build_object('userName', i::text))) FROM generate_series(1, 100) AS i \g /dev/null
	SELECT directory_id, created, removed FROM scim.resource_count;
	SELECT first, array_agg(s.id) = (SELECT (array_agg(r.id::text ORDER BY r.id))[first:first + 9] FROM scim.resource r)
	  FROM (VALUES (41), (61), (51)) AS f(first), scim_search('acme', 'User', start_index => first, count => 10) AS s
	  GROUP BY first ORDER BY first;
	DROP EXTENSION scim, pgcrypto;};
my $wanted = "1|100|0\n41|t\n51|t\n61|t";
is($node->safe_psql('postgres', $life x 2), "$wanted\n$wanted", 'two extensions after one another in one session');

$node->stop;
done_testing();

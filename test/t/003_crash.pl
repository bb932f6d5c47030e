# PostgreSQL is killed in the middle of writes: what was answered is there, what was not is whole or not at all.

use strict;
use warnings;

use FindBin;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->start;
$node->safe_psql('postgres', q{CREATE EXTENSION scim CASCADE; SELECT FROM scim_create_directory('acme')});

# Writers answer with what they did, one line each: a user, put into a group of its own, and changed.
my $script = q{
	CREATE FUNCTION step(name text) RETURNS text LANGUAGE plpgsql AS $$
	DECLARE
		id text := scim_create_user('acme', jsonb_build_object('userName', name)) ->> 'id';
	BEGIN
		PERFORM scim_create_group('acme', jsonb_build_object('displayName', name, 'members',
			jsonb_build_array(jsonb_build_object('value', id))));
		PERFORM scim_replace_user('acme', id, jsonb_build_object('userName', name, 'title', name));
		RETURN 'done ' || name;
	END $$;};
$node->safe_psql('postgres', $script);

my $invariants = slurp_file("$FindBin::RealBin/../invariants.sql");

my %acknowledged;
foreach my $round (1 .. 3)
{
	my (@writers, @in, @out, @err);
	foreach my $w (1 .. 2)
	{
		$in[$w] = join '', map { "SELECT step('r$round-w$w-$_');\n" } 1 .. 20000;
		$out[$w] = $err[$w] = '';
		push @writers, IPC::Run::start([ 'psql', '-XqAt', $node->connstr('postgres') ],
			'<', \$in[$w], '>', \$out[$w], '2>', \$err[$w]);
	}
	# and one that has not committed
	my $open_in = "BEGIN; SELECT step('open-$round');\n";
	my ($open_out, $open_err) = ('', '');
	my $open = IPC::Run::start([ 'psql', '-XqAt', $node->connstr('postgres') ],
		'<', \$open_in, '>', \$open_out, '2>', \$open_err);
	$open->pump until $open_out =~ /done open-$round/;
	foreach my $w (1 .. 2)
	{
		$writers[ $w - 1 ]->pump until () = $out[$w] =~ /^done r$round-w$w-100$/m;
	}

	$node->stop('immediate');
	foreach my $psql (@writers, $open)
	{
		eval { $psql->finish };
	}
	$node->start;

	$acknowledged{$_} = 1 foreach map { /^done (\S+)\n/mg } @out[ 1, 2 ];
	my %stored = map { split /\|/ } split /\n/, $node->safe_psql('postgres', q{
		SELECT u.user_name, (u.title = u.user_name)::int + u.version + count(g.*)
		FROM scim.users u LEFT JOIN scim.memberships m ON m.member_id = u.id
		LEFT JOIN scim.groups g ON g.id = m.group_id AND g.display_name = u.user_name
		GROUP BY u.user_name, u.title, u.version});
	my @lost = grep { !exists $stored{$_} } sort keys %acknowledged;
	cmp_ok(scalar(keys %acknowledged), '>=', 200 * $round, "round $round: writes were answered");
	is("@lost", '', "round $round: none of them is lost");
	my @partial = grep { $stored{$_} != 1 + 2 + 1 } sort keys %stored;
	is("@partial", '', "round $round: none is there by half");
	ok(!exists $stored{"open-$round"}, "round $round: what was not committed is not there");
	is($node->safe_psql('postgres', $invariants), '', "round $round: tables agree with one another");
	is($node->safe_psql('postgres', "SELECT step('after $round')"), "done after $round", "round $round: it goes on");
	$acknowledged{"after $round"} = 1;
}

$node->stop;
done_testing();

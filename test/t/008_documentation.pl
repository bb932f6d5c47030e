# The examples of the pages: every block of SQL runs, in the order of its page, in a database of the page's own.
#
# A page that does not create the extension or the directory acme itself finds them there. A block with a comment
# "-- ERROR: ..." must raise just that.

use strict;
use warnings;

use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $top = "$FindBin::RealBin/../..";

# The blocks of a page: { line, text }.
sub blocks_of
{
	my ($page) = @_;
	my (@blocks, $open);
	my $line = 0;

	for (split /\n/, slurp_file("$top/$page"))
	{
		$line++;
		if (!$open && /^\s*```sql$/)
		{
			$open = { line => $line, text => '' };
		}
		elsif ($open && /^\s*```$/)
		{
			push @blocks, $open;
			undef $open;
		}
		elsif ($open)
		{
			$open->{text} .= "$_\n";
		}
	}
	die "$page: a block has no end" if $open;
	return @blocks;
}

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->start;

# Runs blocks in one session and returns what each wrote to stderr, by line.
sub run_blocks
{
	my ($database, @blocks) = @_;
	my $script = join '', map { "\\warn === $_->{line}\n$_->{text}" } @blocks;
	my $errors = '';

	$node->psql($database, $script, stderr => \$errors, on_error_stop => 0);
	my (undef, %said) = split /^=== (\d+)\n/m, "$errors\n";
	return %said;
}

# What the page takes for granted.
sub prepare
{
	my ($database, $text) = @_;

	$node->safe_psql('postgres', "CREATE DATABASE $database");
	return if $text =~ /CREATE EXTENSION scim/;
	$node->safe_psql($database, 'CREATE EXTENSION scim CASCADE');
	$node->safe_psql($database, q{SELECT FROM scim_create_directory('acme')})
	  if $text !~ /scim_create_directory\('acme'/;
}

sub judge
{
	my ($name, $block, $said) = @_;
	my ($wanted) = $block->{text} =~ /-- ERROR:\s+(.+)/;
	my @errors = ($said // 'did not run') =~ /^(?:psql:\S+ )?(?:ERROR|FATAL|did not run)(?::\s+)?(.*)/mg;

	# psql's own complaints, as of a backslash command, begin otherwise
	push @errors, $1 while ($said // '') =~ /^(?:psql:\S+ )?((?:error|invalid command).*)/mg;
	is("@errors", $wanted // '', $name);
}

my @roles = split /\n/, $node->safe_psql('postgres', 'SELECT rolname FROM pg_roles');
my $number = 0;
my $ran = 0;
for my $page ('README.md', map { s{^\Q$top/}{}r } sort glob "$top/doc/*.md $top/doc/guides/*.md")
{
	my @blocks = blocks_of($page);
	my $database = 'page_' . ++$number;
	my $roles;

	next if !@blocks;
	$ran += @blocks;
	prepare($database, join '', map { $_->{text} } @blocks);
	my %said = run_blocks($database, @blocks);
	judge("$page:$_->{line}", $_, $said{ $_->{line} }) for @blocks;

	# roles belong to the cluster: the next page may make the same ones
	$node->safe_psql('postgres', "DROP DATABASE $database");
	$roles = join ', ', map { "'$_'" } @roles;
	$node->safe_psql('postgres', "SELECT format('DROP ROLE %I', rolname) FROM pg_roles WHERE rolname NOT IN ($roles) \\gexec");
}
cmp_ok($ran, '>', 20, 'blocks were found');

done_testing();

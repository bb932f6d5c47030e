# Strings compare, sort and collide the same in databases of all collations (I18N-05, I18N-01, I18N-02, FLT-33).

use strict;
use warnings;
use utf8;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$node->start;

my %databases = (c => q{LOCALE 'C'}, libc => q{LOCALE 'C.UTF-8'});
if ($node->safe_psql('postgres', q{SELECT count(*) FROM pg_collation WHERE collprovider = 'i'}) > 0
	&& $node->safe_psql('postgres', 'SHOW server_version_num') >= 150000)
{
	# "i" is the lower case of "I" in neither Turkish database; Swedish sorts "ö" after "z".
	$databases{"icu_$_"} = qq{LOCALE_PROVIDER icu ICU_LOCALE '$_' LOCALE 'C.UTF-8'} for qw(und tr sv);
}

# Answers of statements in a new database, as text: what a write says is its SQLSTATE or "stored".
sub answers
{
	my ($database) = @_;

	$node->safe_psql('postgres', "CREATE DATABASE $database TEMPLATE template0 ENCODING 'UTF8' $databases{$database}");
	$node->safe_psql($database, q{
		CREATE EXTENSION scim CASCADE;
		SELECT FROM scim_create_directory('acme') \g /dev/null
		CREATE FUNCTION store(name text, password text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
		BEGIN
			PERFORM scim_create_user('acme', jsonb_build_object('userName', name, 'password', password));
			RETURN 'stored';
		EXCEPTION WHEN OTHERS THEN
			RETURN SQLSTATE;
		END $$;
		CREATE FUNCTION matches(name text, password text) RETURNS boolean LANGUAGE sql AS $$
			SELECT r.password = crypt($2, r.password) FROM scim.resource r WHERE user_name = name $$;});
	return $node->safe_psql($database, q{
		SELECT string_agg(store(name), ' ' ORDER BY n) FROM unnest(ARRAY['Istanbul', 'ISTANBUL', U&'\0130stanbul',
			U&'\0131stanbul', U&'Stra\00DFe', U&'STRA\00DFE', U&'\039F\0394\03A5\03A3', U&'\03BF\03B4\03C5\03C3',
			U&'\03BF\03B4\03C5\03C2', U&'\00F6l', U&'o\0308L', U&'\FF4F\0308l', 'zebra', 'Apple', 'a-b', 'ab', 'a b'])
			WITH ORDINALITY AS t (name, n);
		SELECT ARRAY(SELECT resource ->> 'userName' FROM scim_search('acme', 'User', sort_by => 'userName'));
		SELECT ARRAY(SELECT resource ->> 'userName' FROM scim_search('acme', 'User',
			U&'userName ge "b" and userName lt "\00F6M" or userName sw "ISTAN"', sort_by => 'userName'));
		SELECT store('opaque', U&'Cafe\0301\3000\FF38'), matches('opaque', U&'Caf\00E9 \FF38'),
			matches('opaque', U&'caf\00E9 \FF38'), matches('opaque', U&'Caf\00E9 X');
		SELECT store('empty', ''), store('bell', U&'a\0007b');});
}

my $want = answers('c');
my @lines = split /\n/, $want;
like($lines[0], qr/^stored SCT03 stored stored stored SCT03 stored SCT03 SCT03 stored SCT03 SCT03( stored){5}$/,
	'names collide by Unicode case folding, NFC and width (I18N-01)');
is($lines[3], 'stored|t|f|f', 'a password is prepared: NFC, blanks, no case, no width (I18N-02)');
is($lines[4], 'SCT08|SCT08', 'what is no password (I18N-02)');
foreach my $database (grep { $_ ne 'c' } sort keys %databases)
{
	is(answers($database), $want, "the same as with C in a database with $databases{$database}");
}

done_testing();

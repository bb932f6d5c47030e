# What the bridge does when a request does not end well: the retry table of doc/bridge.md row by
# row, overload, slow statements, clients that go away.
#
# "Called n times" counts executions, rolled back or not: a write that ran twice shows.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../perl";
use ScimBridge;
use Test::More;

ScimBridge::require_bridge();
my $node = ScimBridge::cluster_with_double();
my $bridge = ScimBridge->new($node,
	location => 'scim_pool 8; scim_queue 4; scim_statement_timeout 20s;');

# Sends a request and checks status and number of executions.
sub expect
{
	my ($method, $target, $status, $executions, $what) = @_;
	my ($word) = $target =~ m{^/(\w+)};
	my $before = ScimBridge::calls($node, $word);
	my $answer = $bridge->request($method, $target);
	is($answer->{status}, $status, "$what: $method is answered $status");
	is(ScimBridge::calls($node, $word) - $before, $executions, '... called ' . $executions);
	if ($status >= 400)
	{
		like($answer->{body}, qr/urn:ietf:params:scim:api:messages:2.0:Error.*"status":"$status"/,
			'... with a SCIM error');
		unlike($answer->{body}, qr/secret/, '... that tells no secret');
	}
	like($answer->{headers}{'retry-after'}[0] // '', $status == 503 ? qr/^[1-9]\d*$/ : qr/^$/,
		'... Retry-After only with 503');
	ok($answer->{headers}{'x-request-id'}, '... X-Request-Id');
	return $answer;
}

sub reset_calls
{
	my ($word) = @_;
	unlink $node->data_dir . "/calls_$word";
	return;
}

# ---- the retry table ----

foreach my $state ('40001', '40P01')
{
	foreach my $method ('GET', 'POST')
	{
		expect($method, "/raise/$state", 503, 3, "$state every time");
		reset_calls('raise');
		is(expect($method, "/raise-times/$state/2", 200, 3, "$state twice")->{body}, 3,
			'... and then the answer');
		reset_calls('raise');
	}
}
expect('POST', '/raise/25006', 503, 2, '25006, became read-only');
reset_calls('raise');
expect('POST', '/raise-times/25006/1', 200, 2, '25006 once');
expect('GET', '/read-only', 500, 1, 'a read that writes');
is($node->safe_psql('postgres', 'SELECT count(*) FROM ledger'), 0, '... has written nothing');
foreach my $method ('GET', 'POST')
{
	expect($method, "/raise/$_", 503, 1, "$_") foreach ('57014', '55P03');
	expect($method, "/raise/$_", 500, 1, "$_")
	  foreach ('42501', '42883', '3F000', 'XX000', '22012', '53100');
	foreach ('22021', '22P05')
	{
		like(expect($method, "/raise/$_", 400, 1, "$_")->{body}, qr/"scimType":"invalidSyntax"/,
			'... invalidSyntax');
	}
}
like($bridge->log, qr/\[alert\].*wrong installation/, 'a wrong installation is loud in the log');
like($bridge->log, qr/SQLSTATE XX000: secret detail/, 'the log has the detail');
expect('POST', '/deferred', 500, 1, 'an error at commit, after the row');

expect('POST', '/end', 503, 1, '57P01 during a write');
reset_calls('end');
expect('GET', '/end', 503, 2, '57P01 during a read, every time');
reset_calls('end');
expect('GET', '/end-times/1', 200, 2, '57P01 during a read, once');

my $answer = $bridge->request('GET', "/echo/\xff");
is($answer->{status}, 400, 'bytes that are not UTF-8 in the target are 400');
$answer = $bridge->request('GET', '/echo', headers => [ 'If-Match' => "\xff" ]);
is($answer->{status}, 400, 'so are such bytes in a field');

# A statement that is over its time.
{
	my $slow = ScimBridge->new($node, location => 'scim_statement_timeout 50ms;');
	my $lock = ScimBridge::hold_lock($node, 1);
	foreach my $method ('GET', 'POST')
	{
		$answer = $slow->request($method, '/lock/1');
		is($answer->{status}, 503, "$method beyond scim_statement_timeout is answered 503");
		like($answer->{headers}{'retry-after'}[0], qr/^\d+$/, '... with Retry-After');
		is($slow->request($method, '/echo')->{status}, 200, '... and the connection lives on');
	}
	close $lock;
	$slow->stop;
}

# Idle connections that the server has ended: any method goes through, once.
is($bridge->request('POST', '/echo')->{status}, 200, 'a connection is open');
$node->safe_psql('postgres', q{SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE usename = 'bridge'});
expect('POST', '/write/idle', 201, 1, 'idle connections found dead');

# The same if the worker sees the request before it sees that they are dead: it is held while both
# come, the request first.
{
	my $socket = $bridge->dial;
	$bridge->request('POST', '/echo', socket => $socket);
	my ($worker) = $bridge->workers;
	kill 'STOP', $worker;
	$bridge->send_request('POST', '/write/unseen', socket => $socket);
	$node->safe_psql('postgres', q{SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE usename = 'bridge'});
	kill 'CONT', $worker;
	is(ScimBridge::read_answer($socket)->{status}, 201, 'a dead connection is found out before it is used');
}

# Connection lost without a word: the backend is killed, which restarts the server.  Returns the answer
# and how often the function was called.
sub lose_connection
{
	my ($method, $target) = @_;
	my ($word) = $target =~ m{^/(\w+)};
	my $before = ScimBridge::calls($node, $word);
	my $lock = ScimBridge::hold_lock($node, 2);
	my $socket = $bridge->send_request($method, $target);
	ScimBridge::wait_for_waiters($node, 2, 1);
	my $pid = $node->safe_psql('postgres',
		q{SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted});
	kill 'KILL', $pid;
	my $answer = ScimBridge::read_answer($socket, $method);
	{ local $SIG{PIPE} = 'IGNORE'; close $lock; }
	$node->poll_query_until('postgres', 'SELECT true');
	return ($answer, ScimBridge::calls($node, $word) - $before);
}

{
	my ($answer, $calls) = lose_connection('POST', '/write-lock/lost/2');
	is($answer->{status}, 503, 'POST whose connection is lost is answered 503');
	like($answer->{body}, qr/outcome is unknown/, '... which says that the outcome is unknown');
	is($calls, 1, '... called once');

	# A GET is repeated, unless the server takes longer to restart than the bridge waits for it: then 503.
	foreach my $try (1 .. 5)
	{
		($answer, $calls) = lose_connection('GET', '/lock/2');
		last if $answer->{status} != 503;
	}
	is($answer->{status}, 200, 'GET whose connection is lost is answered 200');
	is($calls, 2, '... called twice');
}
is($node->safe_psql('postgres', "SELECT count(*) FROM ledger WHERE id = 'lost'"), 0,
	'... and nothing half done');

# ---- a function that is missing, or forbidden ----

$node->safe_psql('postgres', 'REVOKE EXECUTE ON FUNCTION pg_catalog.scim_http FROM bridge');
is($bridge->request('GET', '/echo')->{status}, 500, 'no right to call: 500');
is($bridge->request('GET', '/-/ready')->{status}, 503, '... and not ready');
$node->safe_psql('postgres', 'GRANT EXECUTE ON FUNCTION pg_catalog.scim_http TO bridge');
is($bridge->request('GET', '/echo')->{status}, 200, '... until there is');
$node->safe_psql('postgres',
	'SET allow_system_table_mods = on; ALTER FUNCTION pg_catalog.scim_http RENAME TO scim_http_away');
$node->safe_psql('postgres', q{SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE usename = 'bridge'});
is($bridge->request('GET', '/echo')->{status}, 500, 'no function: 500');
is($bridge->request('GET', '/-/ready')->{status}, 503, '... and not ready');
$node->safe_psql('postgres',
	'SET allow_system_table_mods = on; ALTER FUNCTION pg_catalog.scim_http_away RENAME TO scim_http');
is($bridge->request('GET', '/echo')->{status}, 200, '... until it is there, without a reload');
is($bridge->request('GET', '/-/ready')->{status}, 200, '... and ready');

# ---- many at once ----

# Four statements that do not end leave four connections of eight to everybody else.
{
	my $lock = ScimBridge::hold_lock($node, 3);
	my @slow = map { $bridge->send_request('POST', '/lock/3') } 1 .. 4;
	ScimBridge::wait_for_waiters($node, 3, 4);
	is($bridge->request('GET', "/echo/$_")->{status}, 200, "quick request $_ beside four slow ones")
	  foreach 1 .. 20;
	close $lock;
	is(ScimBridge::read_answer($_)->{status}, 200, 'a slow one is answered in the end') foreach @slow;
}

# Eight run, four wait, the thirteenth is turned away at once.
{
	my $lock = ScimBridge::hold_lock($node, 4);
	my @running = map { $bridge->send_request('POST', '/lock/4') } 1 .. 8;
	ScimBridge::wait_for_waiters($node, 4, 8);
	my @waiting = map { $bridge->send_request('POST', '/lock/4') } 1 .. 4;
	ScimBridge::wait_for(sub { $bridge->request('GET', '/-/status')->{body} =~ /"queue":4\b/ },
		'four in the queue');
	like($bridge->request('GET', '/-/status')->{body}, qr/"busy":8\b/, 'the status shows them');
	is($bridge->request('GET', '/-/ready')->{status}, 200, 'a busy bridge is ready');
	$answer = $bridge->request('POST', '/echo');
	is($answer->{status}, 503, 'the queue is full: 503');
	like($answer->{headers}{'retry-after'}[0], qr/^\d+$/, '... with Retry-After');
	like($answer->{headers}{'content-type'}[0], qr{^application/scim\+json$}, '... as SCIM');

	# a client that waits and goes away leaves its place
	close(pop @waiting);
	ScimBridge::wait_for(sub { $bridge->request('GET', '/-/status')->{body} =~ /"queue":3\b/ },
		'three in the queue');
	close $lock;
	is(ScimBridge::read_answer($_)->{status}, 200, 'each other one is answered')
	  foreach @running, @waiting;
}

# The deadline in the queue.
{
	my $short = ScimBridge->new($node, location => 'scim_pool 1; scim_queue_timeout 50ms;');
	my $lock = ScimBridge::hold_lock($node, 5);
	my $running = $short->send_request('POST', '/lock/5');
	ScimBridge::wait_for_waiters($node, 5, 1);
	is($short->request('POST', '/write/late')->{status}, 503, 'no connection in time: 503');
	close $lock;
	is(ScimBridge::read_answer($running)->{status}, 200, '... and the one that ran is answered');
	is($node->safe_psql('postgres', "SELECT count(*) FROM ledger WHERE id = 'late'"), 0,
		'... the late one never runs');
	$short->stop;
}

# A client that goes away while its write runs: the write is finished, the connection returns.
{
	my $lock = ScimBridge::hold_lock($node, 6);
	my @gone = map { $bridge->send_request('POST', "/write-lock/gone$_/6") } 1 .. 8;
	ScimBridge::wait_for_waiters($node, 6, 8);
	close $_ foreach @gone;
	ScimBridge::wait_for(
		sub { $bridge->request('GET', '/-/status')->{body} =~ /"client_gone":9\b/ },
		'the bridge notices');
	close $lock;
	$node->poll_query_until('postgres', "SELECT count(*) = 8 FROM ledger WHERE id LIKE 'gone%'");
	pass('all eight writes are committed');
	is($bridge->request('GET', '/echo')->{status}, 200, 'the connections serve again');
	ScimBridge::wait_for(
		sub { $bridge->request('GET', '/-/status')->{body} =~ /"idle":8,"busy":0\b/ },
		'all eight are idle');
}

$bridge->stop;
unlike($bridge->log, qr/\[(emerg|crit)\]|exited on signal/, 'no worker has died');
done_testing();

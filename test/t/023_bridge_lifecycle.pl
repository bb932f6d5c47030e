# Starting, reloading, stopping and dying, of nginx and of PostgreSQL: what is in flight is
# answered, what was acknowledged is stored once, and service comes back by itself.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../perl";
use ScimBridge;
use Test::More;

ScimBridge::require_bridge();
my $node = ScimBridge::cluster_with_double();
my $bridge = ScimBridge->new($node, location => 'scim_pool 4;', workers => 2);

sub bridge_backends
{
	return $node->safe_psql('postgres',
		q{SELECT count(*) FROM pg_stat_activity WHERE usename = 'bridge'});
}

# ---- before any request ----

is(bridge_backends(), 0, 'connections are opened when they are needed, and never by the master');
is($bridge->request('GET', '/-/ready')->{status}, 200, 'ready');
cmp_ok(bridge_backends(), '==', 1, 'the probe opened one');

# ---- status ----

$bridge->request('GET', '/status/404') foreach 1 .. 3;
$bridge->request('GET', '/raise/XX000');
# two workers: each must know what the other did; an answer is counted just after it is sent
foreach my $try (1 .. 100)
{
	last if $bridge->request('GET', '/-/status')->{body} =~ /"5xx":1\}/;
	select(undef, undef, undef, 0.05);
}
foreach my $i (1 .. 8)
{
	my $json = $bridge->request('GET', '/-/status')->{body};
	like($json, qr/"2xx":0,"3xx":0,"4xx":3,"5xx":1\}.*"sql_error":1,/, 'the status counts all workers');
}
my $answer = $bridge->request('GET', '/-/status', headers => [ Accept => 'text/plain;version=0.0.4' ]);
my $name = 'postgres@' . $node->host . ':' . $node->port;
like($answer->{headers}{'content-type'}[0], qr{^text/plain; version=0.0.4}, 'Prometheus gets text');
like($answer->{body}, qr/^scim_bridge_answers_total\{pool="\Q$name\E",code="4xx"\} 3$/m, '... with counters');
like($answer->{body}, qr/^scim_bridge_request_seconds_bucket\{pool="\Q$name\E",le="\+Inf"\} 4$/m,
	'... and a histogram');
unlike($answer->{body}, qr/user=|bridge\b(?!_)/, '... and no user name');
foreach my $line (split /\n/, $answer->{body})
{
	like($line, qr/^(?:# TYPE \w+ (?:gauge|counter|histogram)|\w+\{[^{}]+\} \d+(?:\.\d+)?)$/, $line);
}
like($bridge->request('GET', '/-/status?format=prometheus')->{body}, qr/^# TYPE/, '?format=prometheus');
like($bridge->request('GET', '/-/status?format=json')->{body}, qr/^\{"pools":\[/, '?format=json');
is($bridge->request('POST', '/-/status')->{status}, 405, 'status is for reading');
is($bridge->request('HEAD', '/-/status')->{status}, 200, '... with HEAD, too');

# ---- reload ----

{
	my @old = $bridge->workers;
	my $lock = ScimBridge::hold_lock($node, 1);
	my @running = map { $bridge->send_request('POST', "/write-lock/reload$_/1") } 1 .. 3;
	ScimBridge::wait_for_waiters($node, 1, 3);
	$bridge->signal('HUP');
	ScimBridge::wait_for(sub { my @all = $bridge->workers; @all > @old }, 'new workers');
	is($bridge->request('GET', '/echo')->{status}, 200, 'new workers serve while old ones wait');
	close $lock;
	is(ScimBridge::read_answer($_)->{status}, 201, 'in flight during a reload: answered') foreach @running;
	ScimBridge::wait_for(sub { my %is = map { $_ => 1 } $bridge->workers; !grep { $is{$_} } @old },
		'old workers end');
	$node->poll_query_until('postgres',
		q{SELECT count(*) <= 4 FROM pg_stat_activity WHERE usename = 'bridge'});
	pass('old workers have closed their connections');
}

# ---- a worker is killed ----

{
	my $lock = ScimBridge::hold_lock($node, 2);
	my $running = $bridge->send_request('POST', '/write-lock/killed/2');
	ScimBridge::wait_for_waiters($node, 2, 1);
	my @old = $bridge->workers;
	kill 'KILL', @old;
	is(ScimBridge::read_answer($running), undef, 'a killed worker answers nothing');
	ScimBridge::wait_for(sub { my %was = map { $_ => 1 } @old;
		my @new = grep { !$was{$_} } $bridge->workers; @new == 2 }, 'the master starts new workers');
	is($bridge->request('GET', '/echo')->{status}, 200, '... and they serve');
	like($bridge->request('GET', '/-/status')->{body}, qr/"busy":0\b/,
		'... and count no connection of the dead');
	close $lock;
	$node->poll_query_until('postgres', q{SELECT count(*) = 1 FROM ledger WHERE id = 'killed'});
	pass('the write that ran is committed once');
}

# ---- PostgreSQL restarts ----

{
	is($bridge->request('POST', "/write/before$_")->{status}, 201, 'a write') foreach 1 .. 4;
	$node->stop('fast');
	my $down = ScimBridge->new($node, location => 'scim_queue_timeout 100ms;');
	foreach my $i (1 .. 3)
	{
		$answer = $down->request($i == 2 ? 'POST' : 'GET', '/echo');
		is($answer->{status}, 503, 'no database: 503');
		like($answer->{headers}{'retry-after'}[0], qr/^\d+$/, '... with Retry-After');
	}
	my $waiting = $bridge->send_request('POST', '/write/patient');
	like($bridge->request('GET', '/-/status')->{body}, qr/"pools"/, 'the status needs no database');
	is($bridge->request('GET', '/-/ready')->{status}, 503, '... but being ready does');
	$node->start;
	is(ScimBridge::read_answer($waiting)->{status}, 201, 'a request that waited is served');
	ScimBridge::wait_for(sub { $down->request('GET', '/echo')->{status} == 200 }, 'service is back');
	is($bridge->request('GET', '/-/ready')->{status}, 200, '... and ready');
	$down->stop;
}

# Under load: ten clients write while the server restarts three times, once hard. Each write that
# was answered 201 is there once, and any other answer is 503.
{
	my (@clients, $bad, %done);
	foreach my $client (1 .. 10)
	{
		pipe(my $from, my $to) or die $!;
		my $pid = fork() // die $!;
		if ($pid == 0)
		{
			close $from;
			my $stop = 0;
			local $SIG{TERM} = sub { $stop = 1 };
			for (my $i = 1; !$stop; $i++)
			{
				my $one = eval { $bridge->request('POST', "/store/load-$client-$i") };
				last if $stop && !$one;	# the signal cut the wait short
				syswrite $to, sprintf("%s load-%s-%s\n", ($one ? $one->{status} : 'none'), $client, $i);
			}
			require POSIX;
			POSIX::_exit(0);
		}
		close $to;
		push @clients, { pid => $pid, from => $from };
	}
	foreach my $mode ('fast', 'immediate', 'fast')
	{
		my $sofar = $node->safe_psql('postgres', "SELECT count(*) FROM ledger WHERE id LIKE 'load%'");
		$node->poll_query_until('postgres',
			"SELECT count(*) > $sofar + 50 FROM ledger WHERE id LIKE 'load%'");
		$node->restart if $mode eq 'fast';
		if ($mode eq 'immediate') { $node->stop('immediate'); $node->start; }
	}
	my $sofar = $node->safe_psql('postgres', "SELECT count(*) FROM ledger WHERE id LIKE 'load%'");
	$node->poll_query_until('postgres', "SELECT count(*) > $sofar + 50 FROM ledger WHERE id LIKE 'load%'");
	kill 'TERM', $_->{pid} foreach @clients;
	foreach my $client (@clients)
	{
		my $from = $client->{from};
		while (my $line = <$from>)
		{
			my ($status, $id) = $line =~ /^(\S+) (\S+)$/;
			$done{$id} = 1 if $status eq '201';
			$bad .= $line if $status !~ /^(?:201|503)$/;
		}
		waitpid($client->{pid}, 0);
	}
	is($bad, undef, 'restarts under load give 503 and nothing else');
	my %count = map { split /\|/ } split /\n/,
	  $node->safe_psql('postgres', "SELECT id, count(*) FROM ledger WHERE id LIKE 'load%' GROUP BY id");
	is_deeply([ grep { $count{$_} > 1 } keys %count ], [], 'no write was executed twice');
	is_deeply([ grep { !$count{$_} } keys %done ], [], 'every acknowledged write is there');
	note(scalar(keys %done) . ' writes acknowledged, ' . scalar(keys %count) . ' stored');
}

# ---- the right server of several ----

{
	my $dead = PostgreSQL::Test::Cluster::get_free_port();
	my $two = ScimBridge->new($node, conninfo => sprintf(
		'host=%s,%s port=%d,%d dbname=postgres user=bridge target_session_attrs=read-write',
		$node->host, $node->host, $dead, $node->port));
	is($two->request('POST', '/write/second')->{status}, 201, 'the second host, the first being down');
	$two->stop;

	my $read = ScimBridge->new($node, location => sprintf('scim_read_pass "%s application_name=reader";',
		$bridge->conninfo));
	$read->request($_, '/echo') foreach 'GET', 'HEAD', 'POST';
	is($node->safe_psql('postgres', q{SELECT string_agg(DISTINCT application_name, ',' ORDER BY application_name)
		FROM pg_stat_activity WHERE usename = 'bridge'}),
		'reader,scim bridge', 'scim_read_pass has connections of its own');
	$read->stop;
}

# ---- stopping ----

{
	my $lock = ScimBridge::hold_lock($node, 3);
	my $one = ScimBridge->new($node);
	my $running = $one->send_request('POST', '/write-lock/quit/3');
	ScimBridge::wait_for_waiters($node, 3, 1);
	$one->signal('QUIT');
	ScimBridge::wait_for(sub { !IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $one->{port}) },
		'no new clients');
	close $lock;
	is(ScimBridge::read_answer($running)->{status}, 201, 'SIGQUIT: what is in flight is answered');
	ScimBridge::wait_for(sub { !kill 0, $one->{pid} }, 'nginx ends');
	delete $one->{pid};
	unlike($one->log, qr/exited on signal|\[alert\]|\[emerg\]/, '... and nothing is left open');
}

# SIGTERM is nginx's fast stop: its master allows workers about a second. A worker that gets the
# signal alone has more, so that the test needs no luck.
{
	my $lock = ScimBridge::hold_lock($node, 4);
	my $one = ScimBridge->new($node);
	my $running = $one->send_request('POST', '/write-lock/term/4');
	ScimBridge::wait_for_waiters($node, 4, 1);
	kill 'TERM', $one->workers;
	ScimBridge::wait_for(sub { $one->log =~ /: exiting$/m }, 'the worker has the signal');
	close $lock;
	is(ScimBridge::read_answer($running)->{status}, 201, 'SIGTERM: what is in flight is answered');
	is($one->request('GET', '/echo')->{status}, 200, '... and the next worker serves');
	$one->stop('TERM');
	unlike($one->log, qr/exited on signal|\[alert\]|\[emerg\]/, '... and nothing is left open');
}

$bridge->stop;
unlike($bridge->log, qr/exited on signal (?!9)/, 'no worker died of itself');
done_testing();

# ScimBridge.pm
#
# A private nginx with the bridge in front of a test cluster, and a client made of a plain
# socket, because a real HTTP library would not send what a hostile client sends.
#
#   my $node   = ScimBridge::cluster_with_double();
#   my $bridge = ScimBridge->new($node, location => 'scim_pool 8;');
#   my $answer = $bridge->request('GET', '/echo');      # {status, headers, body}
#   my $raw    = $bridge->raw("GET / HTTP/1.0\r\n\r\n"); # all bytes until nginx closes
#
# The double stands in for scim_http(): what it does is chosen by the target, so that the
# tests of the bridge know no SCIM either. It lies in pg_catalog, where the real one is.

package ScimBridge;

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use IO::Select;
use IO::Socket::INET;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep);

my $root = abs_path(dirname(__FILE__) . '/../..');
my $module = $ENV{SCIM_BRIDGE_MODULE}
  || "$root/src/bridge/build/ngx_http_scim_module.so";
my ($nginx) = grep { -x } map { "$_/nginx" } split(/:/, $ENV{PATH}), '/usr/sbin',
  '/usr/local/sbin';

# How long anything may take before the test is sure that it hangs. Never a measure of speed.
our $patience = 120;

# Call before anything else: says why, if there is nothing to test.
sub require_bridge
{
	my $missing =
	    !$nginx ? 'nginx is not installed'
	  : !-e $module ? "$module is not built (make bridge)"
	  : undef;
	return unless $missing;
	BAIL_OUT($missing) if $ENV{SCIM_REQUIRE_BRIDGE};
	plan skip_all => $missing;
}

sub module
{
	return $module;
}

# A running cluster with the double and a role that may only call it.
sub cluster_with_double
{
	my ($name) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name // 'main');
	$node->init;
	$node->append_conf('postgresql.conf', "max_connections = 40\nrestart_after_crash = on\n");
	$node->start;
	$node->safe_psql('postgres', slurp_file("$root/test/perl/scim_http_double.sql"));
	return $node;
}

# Starts nginx. Options: location, server, http: directives for those blocks; conninfo.
sub new
{
	my ($class, $node, %opt) = @_;
	my $self = bless {
		node => $node,
		port => PostgreSQL::Test::Cluster::get_free_port(),
		dir => PostgreSQL::Test::Utils::tempdir(),
		opt => \%opt,
	}, $class;
	$self->write_conf;
	$self->start;
	return $self;
}

sub conninfo
{
	my ($self) = @_;
	my $node = $self->{node};
	return $self->{opt}{conninfo} // sprintf('host=%s port=%d dbname=postgres user=bridge',
		$node->host, $node->port);
}

# The configuration; change {opt} and call this again before a reload.
sub write_conf
{
	my ($self) = @_;
	my %opt = (http => '', server => '', location => '', workers => 1, %{ $self->{opt} });
	my $conninfo = $self->conninfo;
	my $temp = join("\n", map { "\t${_}_temp_path $self->{dir}/$_;" }
		  qw(client_body proxy fastcgi uwsgi scgi));

	open(my $fh, '>', "$self->{dir}/nginx.conf") or die $!;
	print $fh <<"CONF";
load_module $module;
worker_processes $opt{workers};
pid $self->{dir}/nginx.pid;
error_log $self->{dir}/error.log info;
events { worker_connections 512; }
http {
$temp
	access_log $self->{dir}/access.log;
	server_tokens off;
	$opt{http}
	server {
		listen 127.0.0.1:$self->{port};
		scim_base_url https://scim.example.com;
		$opt{server}
		location / {
			scim_pass "$conninfo";
			$opt{location}
		}
		location = /-/status { scim_status; }
		location = /-/ready { scim_ready; }
	}
}
CONF
	close $fh;
	return;
}

sub command
{
	my ($self, @args) = @_;
	return ($nginx, '-p', $self->{dir}, '-c', "$self->{dir}/nginx.conf",
		'-e', "$self->{dir}/error.log", @args);
}

sub start
{
	my ($self) = @_;
	PostgreSQL::Test::Utils::system_or_bail($self->command);
	$self->{pid} = $self->master_pid;
	return;
}

sub master_pid
{
	my ($self) = @_;
	my $pid = '';
	wait_for(sub { -s "$self->{dir}/nginx.pid" }, 'nginx writes its pid');
	($pid) = slurp_file("$self->{dir}/nginx.pid") =~ /(\d+)/;
	return $pid;
}

# The living workers of the master, oldest first.
sub workers
{
	my ($self) = @_;
	my @pids;
	foreach my $stat (glob '/proc/[0-9]*/stat')
	{
		open(my $fh, '<', $stat) or next;
		my $line = <$fh> // next;
		my ($pid, $state, $parent) = $line =~ /^(\d+) \(.*\) (\S) (\d+)/ or next;
		push @pids, $pid if $parent == $self->{pid} && $state ne 'Z';
	}
	return sort { $a <=> $b } @pids;
}

# Sends a signal to the master and, for those that end it, waits until it is gone.
sub signal
{
	my ($self, $signal) = @_;
	kill $signal, $self->{pid};
	return;
}

sub stop
{
	my ($self, $signal) = @_;
	return unless $self->{pid};
	$self->signal($signal // 'TERM');
	wait_for(sub { !kill 0, $self->{pid} }, 'nginx ends');
	delete $self->{pid};
	return;
}

sub DESTROY
{
	my ($self) = @_;
	local $? = $?;
	kill 'TERM', $self->{pid} if $self->{pid};
	return;
}

sub log
{
	my ($self) = @_;
	return slurp_file("$self->{dir}/error.log");
}

# Waits for a condition, patiently; dies if it never comes.
sub wait_for
{
	my ($condition, $what) = @_;
	my $until = time() + $patience;
	while (!$condition->())
	{
		die "waited in vain: $what" if time() > $until;
		usleep(20_000);
	}
	return 1;
}

# ---- a client ----

sub dial
{
	my ($self) = @_;
	my $socket = IO::Socket::INET->new(
		PeerAddr => '127.0.0.1',
		PeerPort => $self->{port}) or die "cannot connect: $!";
	binmode $socket;
	return $socket;
}

# One more piece of what the server sends; '' at its end.
sub piece
{
	my ($socket) = @_;
	die 'no answer' unless IO::Select->new($socket)->can_read($patience);
	my $n = sysread($socket, my $bytes, 65536);
	return defined $n && $n > 0 ? $bytes : '';
}

# Reads one answer; undef if the server closes without any.
sub read_answer
{
	my ($socket, $method) = @_;
	my $buffer = '';
	while ($buffer !~ /\r\n\r\n/)
	{
		my $piece = piece($socket);
		return undef if $piece eq '';
		$buffer .= $piece;
	}
	my ($head, $body) = split(/\r\n\r\n/, $buffer, 2);
	my ($line, @fields) = split(/\r\n/, $head);
	my %headers;
	foreach my $field (@fields)
	{
		my ($name, $value) = $field =~ /^([^:]+): (.*)$/;
		push @{ $headers{ lc $name } }, $value;
	}
	my ($status) = $line =~ m{^HTTP/1\.1 (\d+)};
	my $length = $headers{'content-length'}[0] // 0;
	$length = 0 if ($method // '') eq 'HEAD' || $status == 204 || $status == 304;
	while (length $body < $length)
	{
		my $piece = piece($socket);
		last if $piece eq '';
		$body .= $piece;
	}
	return { status => $status, headers => \%headers, body => $body };
}

# Sends a request and returns the socket, to read the answer from when it is time.
sub send_request
{
	my ($self, $method, $target, %opt) = @_;
	my $socket = $opt{socket} // $self->dial;
	my @headers = @{ $opt{headers} // [] };
	my $body = $opt{body} // '';
	my $text = "$method $target HTTP/1.1\r\nHost: test\r\n";
	$text .= shift(@headers) . ': ' . shift(@headers) . "\r\n" while @headers;
	$text .= 'Content-Length: ' . length($body) . "\r\n"
	  if length $body || $method =~ /^P/;
	print $socket "$text\r\n$body" or die $!;
	$socket->flush;
	return $socket;
}

sub request
{
	my ($self, $method, $target, %opt) = @_;
	return read_answer($self->send_request($method, $target, %opt), $method);
}

# Sends bytes and returns everything until the server closes.
sub raw
{
	my ($self, $bytes) = @_;
	my $socket = $self->dial;
	local $SIG{PIPE} = 'IGNORE';
	print $socket $bytes;
	$socket->flush;
	my $all = '';
	while ((my $piece = piece($socket)) ne '')
	{
		$all .= $piece;
	}
	return $all;
}

# ---- the database's side ----

# Takes an advisory lock in a session of its own; close what it returns to release it.
sub hold_lock
{
	my ($node, $key) = @_;
	open(my $session, '|-', 'psql', '-XAtq', '-d', $node->connstr('postgres'),
		'-v', 'ON_ERROR_STOP=1', '-o', '/dev/null') or die $!;
	$session->autoflush(1);
	print $session "SELECT pg_advisory_lock($key);\n";
	$node->poll_query_until('postgres',
		"SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = $key")
	  or die 'no lock';
	return $session;
}

# Waits until so many statements wait for a lock.
sub wait_for_waiters
{
	my ($node, $key, $n) = @_;
	$node->poll_query_until('postgres',
		"SELECT count(*) = $n FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = $key"
	) or die "no $n waiters";
	return;
}

# How often the double was called with a target, rolled back calls included.
sub calls
{
	my ($node, $name) = @_;
	return $node->safe_psql('postgres', "SELECT calls('$name')");
}

1;

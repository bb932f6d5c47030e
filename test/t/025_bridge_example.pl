# The example configuration of the bridge, with only names, ports and TLS changed, does what its
# comments say.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../perl";
use PostgreSQL::Test::Utils;
use ScimBridge;
use Test::More;

ScimBridge::require_bridge();

my $conf = slurp_file("$FindBin::RealBin/../../src/bridge/nginx.conf.example");
my $probe = PostgreSQL::Test::Cluster::get_free_port();
{
	no warnings 'redefine';
	*ScimBridge::write_conf = sub {
		my ($self) = @_;
		my $temp = join('', map { "${_}_temp_path $self->{dir}/$_; " }
			  qw(client_body proxy fastcgi uwsgi scgi));
		my %change = (
			'modules/ngx_http_scim_module.so' => ScimBridge::module(),
			'user www-data;' => '',
			'/run/nginx.pid' => "$self->{dir}/nginx.pid",
			'/var/log/nginx/error.log' => "$self->{dir}/error.log",
			'/var/log/nginx/scim.log' => "$self->{dir}/scim.log",
			'listen 443 ssl http2' => "listen 127.0.0.1:$self->{port}",
			'ssl_certificate /etc/ssl/certs/scim.example.com.pem;' => '',
			'ssl_certificate_key /etc/ssl/private/scim.example.com.key;' => '',
			'listen 127.0.0.1:8081' => "listen 127.0.0.1:$probe",
			'host=/var/run/postgresql dbname=app user=scim_bridge' => $self->conninfo,
			'server_tokens off;' => "server_tokens off; $temp",
		);
		my $text = $conf;
		foreach my $from (keys %change)
		{
			$text =~ s/\Q$from\E/$change{$from}/ or die "the example has no \"$from\"";
		}
		open(my $fh, '>', "$self->{dir}/nginx.conf") or die $!;
		print $fh $text;
		close $fh;
	};
}
my $node = ScimBridge::cluster_with_double();
my $bridge = ScimBridge->new($node);

my $answer = $bridge->request('GET', '/echo?filter=secret',
	headers => [ Authorization => 'Bearer secret', 'X-Request-Id' => 'example-1' ]);
is($answer->{status}, 200, 'a request goes through');

my $error = qr/\{"schemas":\["urn:ietf:params:scim:api:messages:2.0:Error"\],"status":"%d","detail":"[^"]+"\}/;
my %case = (
	400 => "GET /echo HTTP/1.1\r\n\r\n",
	413 => "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 9000000\r\n\r\n",
	414 => 'GET /' . 'x' x 20000 . " HTTP/1.1\r\nHost: t\r\n\r\n",
	431 => "GET /echo HTTP/1.1\r\nHost: t\r\nX-A: " . 'x' x 20000 . "\r\n\r\n",
	501 => "POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
);
foreach my $status (sort keys %case)
{
	my $all = $bridge->raw($case{$status});
	my $body = sprintf($error, $status);
	like($all, qr{^HTTP/1.1 $status .*\r\n\r\n$body$}s, "nginx's own $status has a SCIM body") or diag($all);
	like($all, qr{^Content-Type: application/scim\+json\r$}m, '... of the right type');
	like($all, qr{^X-Request-Id: [0-9a-f]{32}\r$}m, '... and a request id');
}
is($bridge->raw("G\x01T / HTTP/1.1\r\n\r\n") =~ m{^HTTP/1.1 400 .*"status":"400"}s, 1,
	'so has a request line that is none');
is($bridge->request('GET', '/-/error')->{status}, 404, 'the error page has no address of its own');

# Beyond the burst, pipelined: they come faster than any limit.
my $one = "GET /echo HTTP/1.1\r\nHost: t\r\nAuthorization: x\r\n";
my $all = $bridge->raw("$one\r\n" x 999 . "${one}Connection: close\r\n\r\n");
like($all, qr/HTTP\/1.1 429 (?:[^\r]+\r\n)+Retry-After: 1\r$/m, 'the rate limit answers 429 with Retry-After');
like($all, qr/"status":"429"/, '... as SCIM');

$bridge->{port} = $probe;
is($bridge->request('GET', '/ready')->{status}, 200, 'ready');
like($bridge->request('GET', '/status')->{body}, qr/^\{"pools"/, 'status');
$bridge->stop('QUIT');

my $log = slurp_file("$bridge->{dir}/scim.log");
like($log, qr/"id":"example-1","peer":"127.0.0.1","method":"GET","path":"\/echo","status":200,/,
	'the log has the request');
unlike($log . $bridge->log, qr/secret|Bearer/, '... and neither query string nor credential');
done_testing();

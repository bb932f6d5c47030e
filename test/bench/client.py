"""A client that sends a list of requests over a number of connections, each as soon as it is free."""
import re
import selectors
import socket
import time

from servers import Failure


class Connection:
    """One connection and the answer it is waiting for."""

    def __init__(self, address):
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.answer, self.sent = b"", 0.0

    def send(self, request):
        """Sends a request."""
        self.answer, self.sent = b"", time.perf_counter()
        self.socket.sendall(request)

    def receive(self):
        """Reads what is there; whether the answer is whole."""
        read = self.socket.recv(1 << 18)
        if not read:
            raise Failure("The bridge hangs up.")
        self.answer += read
        head, blank, body = self.answer.partition(b"\r\n\r\n")
        length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.I)
        return bool(blank) and len(body) >= (int(length.group(1)) if length else 0)

    def ends(self):
        """Does the server close the connection after this answer?"""
        return bool(re.search(rb"\r\nconnection: *close", self.answer.partition(b"\r\n\r\n")[0], re.I))

    def check(self):
        """The answer has to be a success."""
        if not re.match(rb"HTTP/1\.1 2\d\d", self.answer):
            raise Failure("A request fails:\n%s" % self.answer.decode(errors="replace")[:1000])


def send_all(address, connections, requests):
    """Seconds for all requests, and the latency of each in milliseconds."""
    queue, latencies = iter(requests), []
    with selectors.DefaultSelector() as selector:
        begin = time.perf_counter()
        for _ in range(connections):
            send_next(selector, address, queue)
        while selector.get_map():
            for key, _ in selector.select():
                connection = key.data
                if connection.receive():
                    latencies.append((time.perf_counter() - connection.sent) * 1e3)
                    connection.check()
                    send_next(selector, address, queue, connection)
        return time.perf_counter() - begin, latencies


def send_next(selector, address, queue, connection=None):
    """Sends the next request on this connection, or on a new one if it has ended."""
    request = next(queue, None)
    if connection and (request is None or connection.ends()):
        selector.unregister(connection.socket)
        connection.socket.close()
        connection = None
    if request is None:
        return
    if connection is None:
        connection = Connection(address)
        selector.register(connection.socket, selectors.EVENT_READ, connection)
    connection.send(request)


def post(path, authorization, body):
    """A request as bytes."""
    body = body.encode()
    head = ("POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\nContent-Type: application/scim+json\r\n"
            "Content-Length: %d\r\n\r\n" % (path, authorization, len(body)))
    return head.encode() + body

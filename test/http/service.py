"""What the load tests share: a connection that outlives failures, and the promises that hold at any moment."""
import http.client
import json
import os
import subprocess
import urllib.parse

INVARIANTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "invariants.sql")


class Connection:
    """One kept-alive connection; a broken one is opened anew by the next request."""

    def __init__(self, base, token):
        self.url = urllib.parse.urlsplit(base)
        self.headers = {"Authorization": "Bearer " + token, "Content-Type": "application/scim+json"}
        self.http = None

    def send(self, method, path, body=None, **headers):
        """Status and document, or (0, None) if there was no whole answer. if_match="x" is a header."""
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            if self.http is None:
                self.http = http.client.HTTPConnection(self.url.hostname, self.url.port, timeout=60)
            self.http.request(method, self.url.path + path, body and json.dumps(body),
                              {**self.headers, **fields})
            answer = self.http.getresponse()
            data = answer.read()
            if answer.getheader("Connection") == "close":
                self.http = None
            return answer.status, json.loads(data) if data else None
        except (OSError, ValueError, http.client.HTTPException):
            self.http = None
            return 0, None


def query(psql, *arguments):
    """The rows that psql prints, as lists of text; server and database come from the environment."""
    command = [psql, "-XqAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", *arguments]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, universal_newlines=True).stdout
    return [line.split("\t") for line in printed.splitlines()]


def broken_promises(psql):
    """What the tables hold that they must not (test/invariants.sql)."""
    return query(psql, "-f", INVARIANTS)


def print_tap(results):
    """Prints (name, is it so, what to say if not) as TAP; returns the exit status."""
    for number, (name, is_so, detail) in enumerate(results, 1):
        print("%sok %d - %s" % ("" if is_so else "not ", number, name))
        if not is_so:
            print("# %s" % (detail,))
    print("1..%d" % len(results))
    return 0 if all(is_so for _, is_so, _ in results) else 1

"""What the OAuth tests share: a virtual environment of their own, psql, a browser that fills in forms.

Packages come from PyPI, in the versions below, into a virtual environment; the program that imports this
becomes itself in it. psql takes its connection from PGHOST, PGPORT, PGDATABASE and PGUSER.
"""
import html.parser
import os
import pathlib
import subprocess
import sys
import urllib.parse

PINNED = ["authlib==1.9.9", "requests==2.34.2", "cryptography==50.0.2", "playwright==1.65.2"]
PASSWORD = "correct horse battery"


def enter(venv):
    """Fills the virtual environment and becomes this program in it."""
    if sys.prefix == str(pathlib.Path(venv).resolve()):
        return
    python = pathlib.Path(venv) / "bin" / "python3"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"] + PINNED,
                   check=True)
    os.execv(python, [str(python)] + sys.argv)


def sql(statement, **variables):
    """One value out of the database; variables are quoted by psql."""
    arguments = [a for name, value in variables.items() for a in ("-v", "%s=%s" % (name, value))]
    done = subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1"] + arguments, input=statement,
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout.strip()


def make_directory(name, **settings):
    """A directory with an administrator, anew."""
    values = ", ".join('"%s": %s' % (k, str(v).lower()) for k, v in settings.items())
    sql("SELECT scim_drop_directory(:'name') WHERE EXISTS (SELECT FROM scim.directory WHERE name = :'name');"
        " SELECT scim_create_directory(:'name', settings => :'values');"
        " SELECT scim_create_administrator(:'name', 'ada', :'password')",
        name=name, values="{%s}" % values, password=PASSWORD)


class Form(html.parser.HTMLParser):
    """The only form of a page: where it goes, and its hidden fields."""

    def __init__(self, text):
        super().__init__()
        self.action, self.fields = None, {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.action = attrs["action"]
        elif tag == "input" and attrs.get("type") == "hidden":
            self.fields[attrs["name"]] = attrs["value"]


def approve(session, url, password=PASSWORD, **more):
    """Signs in and approves as a browser would; the address that it is sent to."""
    page = session.get(url)
    for fields in ({"username": "ada", "password": password}, dict({"decision": "approve"}, **more)):
        form = Form(page.text)
        page = session.post(urllib.parse.urljoin(url, form.action), data=dict(form.fields, **fields),
                            allow_redirects=False)
    return page.headers.get("Location", "")


class Results:
    """Prints TAP."""

    def __init__(self):
        self.count, self.failed = 0, 0

    def check(self, name, ok, detail=""):
        self.count += 1
        self.failed += not ok
        print("%sok %d - %s" % ("" if ok else "not ", self.count, name))
        if not ok:
            print("# %s" % (detail,))

    def finish(self):
        print("1..%d" % self.count)
        return 1 if self.failed or not self.count else 0

#!/usr/bin/env python3
"""Run scim2-tester, the community's conformance checker, against a SCIM server.

  scim2_tester.py --base URL --token T --venv DIR

scim2-tester and the HTTP client that it wants come from PyPI, in the versions below, into a virtual
environment in DIR. Prints every check that failed, deviations from a SHOULD included, with what the
checker says about it, and closes with "N passed, M failed[, K skipped]"; skipped are the checks that
the server's announcements make void.
"""
import argparse
import os
import pathlib
import subprocess
import sys

PINNED = ["scim2-tester==0.5.2", "scim2-client==0.13.2", "scim2-models==0.12.3", "httpx2==2.16.2",
          "pydantic==2.14.3"]


def run_in(venv):
    """Fills the virtual environment and becomes this program in it, isolated from its own folder,
    where a file has the checker's name."""
    python = pathlib.Path(venv) / "bin" / "python3"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"] + PINNED,
                   check=True)
    os.execv(python, [str(python), "-I", __file__] + sys.argv[1:])


def show(result):
    """Prints a check and what the checker has to say about it."""
    print("FAIL %s %s %s" % (result.status.name, result.resource_type or "-", result.title))
    for text in (result.reason, result.data):
        if text is not None:
            print("  - " + str(text)[:1500].replace("\n", "\n    "))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--base", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--venv", required=True)
    args = parser.parse_args()
    if not sys.flags.isolated:
        run_in(args.venv)

    from httpx2 import Client
    from scim2_client.engines.httpx2 import SyncSCIMClient
    from scim2_tester import Status, check_server

    with Client(base_url=args.base, headers={"Authorization": "Bearer " + args.token}) as http:
        results = check_server(SyncSCIMClient(http))
    failed = [r for r in results if r.status in (Status.CRITICAL, Status.ERROR, Status.DEVIATION)]
    skipped = [r for r in results if r.status is Status.SKIPPED]
    for result in failed:
        show(result)
    for result in skipped:
        print("skip %s: %s" % (result.title, result.reason))
    tail = ", %d skipped" % len(skipped) if skipped else ""
    print("%d passed, %d failed%s" % (len(results) - len(failed) - len(skipped), len(failed), tail))
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main())

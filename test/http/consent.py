#!/usr/bin/env python3
"""Walk through the consent page in a real browser.

  consent.py --origin http://127.0.0.1:7744 --venv DIR [--shots DIR]

Chromium, driven by Playwright, signs in, denies and approves, without JavaScript and by keyboard alone; a
page of another site tries to frame the consent page and to send its forms. Prints TAP; --shots keeps
pictures of the pages.
"""
import argparse
import http.server
import os
import sys
import threading
import urllib.parse

import oauth_setup
from oauth_setup import PASSWORD, sql

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]
NAME = "Okta <script>alert(1)</script> & Co"


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """Another site: where codes are sent to, and one that attacks."""

    pages = {}

    def do_GET(self):
        body = self.pages.get(urllib.parse.urlsplit(self.path).path, "<title>back</title>back").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):       # pylint: disable=redefined-builtin
        pass


class Walk:
    def __init__(self, origin, browser, site, results, shots):
        self.origin, self.browser, self.site, self.results, self.shots = origin, browser, site, results, shots
        self.complaints, self.requests = [], []

    def page(self, **options):
        """A page of a browser that is new each time, and what it complains of and asks for."""
        context = self.browser.new_context(java_script_enabled=False, **options)
        page = context.new_page()
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("request", lambda request: self.requests.append(request.url))
        return page

    def shot(self, page, name):
        if self.shots:
            page.screenshot(path=os.path.join(self.shots, name + ".png"), full_page=True)

    def ask(self, directory, client, **more):
        query = dict({"response_type": "code", "client_id": client, "state": "abc", "redirect_uri": self.site + "/cb"},
                     **more)
        return "%s/%s/oauth/authorize?%s" % (self.origin, directory, urllib.parse.urlencode(query))

    def sign_in(self, page, password=PASSWORD):
        page.get_by_label("Name").fill("ada")
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()

    def answer(self, page):
        """The parameters that came back to the application."""
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(page.url).query))

    def sign_in_and_deny(self, directory, client):
        page = self.page()
        page.goto(self.ask(directory, client))
        self.shot(page, "sign-in")
        check = self.results.check
        check("the page has a title, a language and one heading", page.title() != ""
              and page.locator("html").get_attribute("lang") == "en" and page.get_by_role("heading").count() == 1)
        check("its style is applied", page.locator("main").bounding_box()["width"] < 700,
              page.locator("main").bounding_box())
        self.sign_in(page, "wrong password")
        self.shot(page, "wrong-password")
        check("a wrong password is told in an alert", page.get_by_role("alert").count() == 1)
        self.sign_in(page)
        self.shot(page, "consent")
        text = page.locator("main").inner_text()
        check("who asks for what, where, in words", NAME in text and directory in text
              and "Read and change users" in text and self.site in text, text)
        page.get_by_role("button", name="Deny").click()
        check("denied", self.answer(page).get("error") == "access_denied" and self.answer(page).get("state") == "abc",
              page.url)

    def approve_by_keyboard(self, directory, client, secret):
        import requests
        page = self.page()
        page.goto(self.ask(directory, client))
        for keys in (["Tab"], list("ada"), ["Tab"], list(PASSWORD), ["Enter"]):
            for key in keys:
                page.keyboard.press("Space" if key == " " else key)
        page.get_by_role("button", name="Approve").wait_for()
        page.keyboard.press("Tab")
        self.shot(page, "consent-focus")
        page.keyboard.press("Enter")
        page.wait_for_url(self.site + "/**")
        answer = self.answer(page)
        token = requests.post(self.origin + "/oauth/token", auth=(client, secret), timeout=60,
                              data={"grant_type": "authorization_code", "code": answer.get("code"),
                                    "redirect_uri": self.site + "/cb"}).json()
        users = requests.get(self.origin + "/scim/v2/Users", timeout=60,
                             headers={"Authorization": "Bearer " + token.get("access_token", "")})
        self.results.check("approved by keyboard, and the code is good for a token", users.status_code == 200
                           and answer.get("iss") == "%s/%s" % (self.origin, directory), (page.url, token))

    def name_service_user(self, directory, client):
        page = self.page(viewport={"width": 360, "height": 740})
        page.goto(self.ask(directory, client))
        self.sign_in(page)
        page.get_by_role("button", name="Approve").click()
        self.results.check("a service user needs a name", page.get_by_role("alert").count() == 1)
        page.get_by_label("Name of the service user").fill("okta-sync")
        self.shot(page, "service-user")
        page.get_by_role("button", name="Approve").click()
        made = sql("SELECT service_user FROM scim.oauth_grants WHERE directory = :'d'", d=directory)
        self.results.check("a service user is made", "code" in self.answer(page) and made == "okta-sync", made)

    def attack(self, directory, client):
        """A page of another site frames the consent page, and sends its form."""
        target = self.ask(directory, client)
        Elsewhere.pages["/frame"] = '<iframe src="%s"></iframe>' % target.replace("&", "&amp;")
        Elsewhere.pages["/send"] = ('<form method="post" action="%s"><input name="username" value="ada">'
                                    '<input name="password" value="%s"><input name="decision" value="approve">'
                                    "<button>Win a prize</button></form>") % (target.replace("&", "&amp;"), PASSWORD)
        page = self.page()
        page.goto(self.site + "/frame")
        page.wait_for_timeout(500)
        framed = [f for f in page.frames if f != page.main_frame]
        self.results.check("it cannot be framed", all(f.get_by_label("Password").count() == 0 for f in framed))
        page.goto(target)
        page.goto(self.site + "/send")
        page.get_by_role("button").click()
        self.results.check("a form of another site is refused", page.get_by_role("alert").count() == 1
                           and page.get_by_role("button", name="Approve").count() == 0, page.url)
        page.goto(self.ask(directory, client, redirect_uri="http://evil.example/"))
        self.shot(page, "refused")
        self.results.check("a redirect URI that is not registered ends here",
                           page.url.startswith(self.origin) and page.get_by_role("alert").count() == 1, page.url)

    def quiet(self):
        foreign = [url for url in self.requests if not url.startswith((self.origin, self.site))]
        self.results.check("nothing was loaded from elsewhere", not foreign, foreign)
        self.results.check("the browser has nothing to complain of", not self.complaints, self.complaints)


def make_client(directory, site):
    client = sql("SELECT scim_create_oauth_client(:'d', 'okta', 'web', '{scim,offline_access}', ARRAY[:'u'], :'n')",
                 d=directory, u=site + "/cb", n=NAME)
    return client, sql("SELECT scim_create_client_secret(:'d', :'c')", d=directory, c=client)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--origin", required=True)
    parser.add_argument("--venv", required=True)
    parser.add_argument("--shots")
    args = parser.parse_args()
    oauth_setup.enter(args.venv)
    from playwright.sync_api import sync_playwright

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site = "http://localhost:%d" % server.server_port
    if args.shots:
        os.makedirs(args.shots, exist_ok=True)
    results = oauth_setup.Results()
    oauth_setup.make_directory("consent")
    oauth_setup.make_directory("consent-asa", name_service_users=True)
    client, secret = make_client("consent", site)
    client_asa, _ = make_client("consent-asa", site)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        walk = Walk(args.origin, browser, site, results, args.shots)
        walk.sign_in_and_deny("consent", client)
        walk.approve_by_keyboard("consent", client, secret)
        walk.name_service_user("consent-asa", client_asa)
        walk.quiet()
        walk.attack("consent", client)
        browser.close()
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())

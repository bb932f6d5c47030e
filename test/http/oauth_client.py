#!/usr/bin/env python3
"""Run a stock OAuth client library, and curl, against the authorization server over HTTP.

  oauth_client.py --origin http://127.0.0.1:7744 --venv DIR

Authlib, which knows nothing of this server, does every grant and every way of client authentication, and
reads the metadata and the keys. Prints TAP.
"""
import argparse
import json
import os
import subprocess
import sys

import oauth_setup
from oauth_setup import sql

REDIRECT = "https://app.example/callback"


def make_clients(directory, key):
    """Ids and secrets of a client of each type, by its name."""
    made = {}
    for name, kind in (("web", "web"), ("cli", "native"), ("hr", "server")):
        uris = "{}" if kind == "server" else "{%s}" % REDIRECT
        client = sql("SELECT scim_create_oauth_client(:'d', :'n', :'k', '{scim,read:User}', :'u', jwks => :'j')",
                     d=directory, n=name, k=kind, u=uris,
                     j=json.dumps({"keys": [key.as_dict(private=False)]}))
        secret = sql("SELECT scim_create_client_secret(:'d', :'c', for_assertions => true)", d=directory, c=client)
        made[name] = (client, secret)
    return made


def curl(*arguments):
    """Status and document of what curl got."""
    done = subprocess.run(["curl", "-s", "-w", "\n%{http_code}"] + list(arguments), capture_output=True,
                          text=True, check=True)
    body, _, status = done.stdout.rpartition("\n")
    return int(status), json.loads(body) if body else {}


class Run:
    def __init__(self, origin, directory, clients, key, results):
        self.origin, self.base, self.clients, self.key = origin, "%s/%s" % (origin, directory), clients, key
        self.results, self.endpoint = results, "%s/%s/oauth/" % (origin, directory)

    def works(self, token):
        """Does the API take the token?"""
        import requests
        answer = requests.get(self.base + "/scim/v2/Users", timeout=60,
                              headers={"Authorization": "Bearer " + token["access_token"]})
        return answer.status_code == 200

    def session(self, name, method, **more):
        from authlib.integrations.requests_client import OAuth2Session
        client, secret = self.clients[name]
        return OAuth2Session(client, secret if method != "none" else None, token_endpoint_auth_method=method,
                             **more)

    def metadata(self):
        import requests
        from authlib.oauth2.rfc8414 import AuthorizationServerMetadata, get_well_known_url
        found = requests.get(get_well_known_url(self.base, external=True), timeout=60).json()
        try:
            AuthorizationServerMetadata(found).validate()
            problem = ""
        except ValueError as error:
            problem = str(error)
        # RFC 8414 wants https, which a server of tests has not
        self.results.check("the metadata are those of RFC 8414 for this issuer", found["issuer"] == self.base
                           and (not problem or "https" in problem), (problem, found))
        return found

    def client_credentials(self):
        from authlib.oauth2.rfc7523 import ClientSecretJWT, PrivateKeyJWT
        endpoint = self.endpoint + "token"
        for name, method in (("client_secret_basic", "client_secret_basic"),
                             ("client_secret_post", "client_secret_post"),
                             ("client_secret_jwt", ClientSecretJWT(endpoint)),
                             ("private_key_jwt", PrivateKeyJWT(endpoint, alg="ES256"))):
            session = self.session("hr", "client_secret_basic")
            if name == "private_key_jwt":
                session.client_secret = self.key
            if not isinstance(method, str):
                session.register_client_auth_method(method)
                method = method.name if hasattr(method, "name") else name
            session.token_endpoint_auth_method = method
            token = session.fetch_token(endpoint, grant_type="client_credentials", scope="scim")
            self.results.check("client_credentials by " + name, self.works(token) and token["scope"] == "scim",
                               token)

    def code(self, name, method, **pkce):
        import requests
        session = self.session(name, method, redirect_uri=REDIRECT, scope="scim", **pkce)
        more = {"code_verifier": "v" * 64} if pkce else {}
        url, state = session.create_authorization_url(self.endpoint + "authorize", **more)
        location = oauth_setup.approve(requests.Session(), url)
        token = session.fetch_token(self.endpoint + "token", authorization_response=location, state=state, **more)
        self.results.check("authorization_code of %s by %s" % (name, method),
                           location.startswith(REDIRECT) and self.works(token), (location, token))
        return session, token

    def refresh(self, session, token):
        newer = session.refresh_token(self.endpoint + "token", refresh_token=token["refresh_token"])
        self.results.check("refresh_token", self.works(newer)
                           and newer["refresh_token"] != token["refresh_token"], newer)
        return newer

    def end(self, session, token):
        known = session.introspect_token(self.endpoint + "introspect", token["access_token"]).json()
        self.results.check("introspection of an active token", known["active"] and known["sub"] == "ada", known)
        answer = session.revoke_token(self.endpoint + "revoke", token["refresh_token"],
                                      token_type_hint="refresh_token")
        known = session.introspect_token(self.endpoint + "introspect", token["access_token"]).json()
        self.results.check("revocation ends the family", answer.status_code == 200 and not self.works(token)
                           and known == {"active": False}, known)

    def jwt(self):
        """Access tokens that anybody can verify with the published keys."""
        import requests
        from joserfc import jwk, jwt
        token = self.session("hr", "client_secret_basic").fetch_token(self.endpoint + "token",
                                                                      grant_type="client_credentials")
        keys = jwk.KeySet.import_key_set(requests.get(self.endpoint + "jwks", timeout=60).json())
        found = jwt.decode(token["access_token"], keys, algorithms=["ES256"])
        self.results.check("a signed access token is verified by the published keys",
                           found.header["typ"] == "at+jwt" and found.claims["iss"] == self.base
                           and found.claims["client_id"] == self.clients["hr"][0] and self.works(token),
                           (found.header, found.claims))

    def curl(self):
        client, secret = self.clients["hr"]
        status, token = curl("-u", "%s:%s" % (client, secret), "-d", "grant_type=client_credentials",
                             self.endpoint + "token")
        self.results.check("curl: Basic", status == 200 and self.works(token), token)
        status, token = curl("-d", "grant_type=client_credentials", "-d", "client_id=" + client, "-d",
                             "client_secret=" + secret, self.origin + "/oauth/token")
        self.results.check("curl: form, and the client says which directory it is",
                           status == 200 and self.works(token), token)
        status, _ = curl("-u", "%s:%s" % (client, secret), "-d", "token=" + token["access_token"],
                         self.endpoint + "revoke")
        self.results.check("curl: revocation", status == 200 and not self.works(token))
        status, error = curl("-u", client + ":wrong", "-d", "grant_type=client_credentials",
                             self.endpoint + "token")
        self.results.check("curl: a wrong secret", status == 401 and error["error"] == "invalid_client", error)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--origin", required=True)
    parser.add_argument("--venv", required=True)
    args = parser.parse_args()
    oauth_setup.enter(args.venv)
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

    from joserfc.jwk import ECKey
    key = ECKey.generate_key("P-256", {"kid": "own"})
    results = oauth_setup.Results()
    for directory, settings in (("oauth-opaque", {}), ("oauth-signed", {"jwt_access_tokens": True})):
        oauth_setup.make_directory(directory, **settings)
        print("# access tokens of " + directory)
        run = Run(args.origin, directory, make_clients(directory, key), key, results)
        run.metadata()
        run.client_credentials()
        run.code("cli", "none", code_challenge_method="S256")
        session, token = run.code("web", "client_secret_basic")
        run.end(session, run.refresh(session, token))
        if settings:
            run.jwt()
        run.curl()
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())

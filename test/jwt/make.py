#!/usr/bin/env python3
"""Print SQL that fills t.keys and t.tokens for test/sql/22_jwt.sql: JWTs, good ones and every forgery
that needs a private key or bytes that SQL cannot easily make.

Run it again only to change the tokens; the keys are new each time, and thrown away. Needs the Python
package cryptography.
"""
import base64
import hashlib
import hmac
import json

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

END = 4102444800                                # the year 2100
HMAC_KEY = b"a key that both sides know, 32 bytes and more"


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value, size=None):
    return b64(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


def sign_rs(key, data):
    return key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def sign_ps(key, data):
    return key.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())


def sign_es(key, data):
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def sign_es_der(key, data):
    return key.sign(data, ec.ECDSA(hashes.SHA256()))


def sign_ed(key, data):
    return key.sign(data)


def sign_hs(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()


RSA, RSA_WEAK = (rsa.generate_private_key(65537, bits) for bits in (2048, 1024))
EC, EC_OTHER = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
EC_384 = ec.generate_private_key(ec.SECP384R1())
ED = ed25519.Ed25519PrivateKey.generate()
RSA_PEM = RSA.public_key().public_bytes(serialization.Encoding.PEM,
                                        serialization.PublicFormat.SubjectPublicKeyInfo)


def jwk_rsa(key, kid):
    public = key.public_key().public_numbers()
    return {"kty": "RSA", "kid": kid, "n": number(public.n), "e": number(public.e)}


def jwk_ec(key, kid):
    public = key.public_key().public_numbers()
    return {"kty": "EC", "crv": "P-256", "kid": kid, "x": number(public.x, 32), "y": number(public.y, 32)}


def jwk_ed(key, kid):
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return {"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": b64(raw)}


def claims(**changes):
    whole = {"iss": "https://idp.test/", "aud": "scim", "sub": "hr", "exp": END, "scope": "read write",
             "tenant": "acme"}
    whole.update(changes)
    return {name: value for name, value in whole.items() if value is not None}


def join(header, payload, signature):
    return ".".join((b64(header), b64(payload), b64(signature)))


def token(sign, key, header, payload=None):
    """A signed token; header and payload may be bytes, to be taken as they are."""
    header = header if isinstance(header, bytes) else json.dumps(header).encode()
    payload = claims() if payload is None else payload
    payload = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return join(header, payload, sign(key, (b64(header) + "." + b64(payload)).encode()))


def es(header=None, payload=None, key=EC):
    return token(sign_es, key, dict({"alg": "ES256", "kid": "ec"}, **(header or {})), payload)


def changed(text, part, change):
    parts = text.split(".")
    parts[part] = change(parts[part])
    return ".".join(parts)


def cases():
    good = es()
    yield "good ES256", good
    yield "good RS256", token(sign_rs, RSA, {"alg": "RS256", "kid": "rsa", "typ": "JWT"})
    yield "good PS256", token(sign_ps, RSA, {"alg": "PS256", "kid": "rsa"})
    yield "good EdDSA", token(sign_ed, ED, {"alg": "EdDSA", "kid": "ed"})
    yield "good HS256", token(sign_hs, HMAC_KEY, {"alg": "HS256"})
    yield "good without kid: one key fits", token(sign_ed, ED, {"alg": "EdDSA"})
    yield "good audience in a list", es(payload=claims(aud=["other", "scim"]))
    yield "good type in full", es({"typ": "application/at+jwt"})
    yield "none", join(b'{"alg":"none","kid":"ec"}', json.dumps(claims()).encode(), b"")
    yield "none with a signature", changed(good, 0, lambda _: b64(b'{"alg":"none","kid":"ec"}'))
    yield "none in mixed case", changed(good, 0, lambda _: b64(b'{"alg":"nOnE","kid":"ec"}'))
    yield "no algorithm", token(sign_es, EC, {"kid": "ec"})
    yield "algorithm that is no string", token(sign_es, EC, {"alg": ["ES256"], "kid": "ec"})
    yield "HS256 with the public key as PEM", token(sign_hs, RSA_PEM, {"alg": "HS256", "kid": "rsa"})
    yield "HS256 with the modulus", token(
        sign_hs, RSA.public_key().public_numbers().n.to_bytes(256, "big"), {"alg": "HS256", "kid": "rsa"})
    yield "HS256 with an empty key", token(sign_hs, b"", {"alg": "HS256"})
    yield "RS256 that says PS256", token(sign_rs, RSA, {"alg": "PS256", "kid": "rsa"})
    yield "ES256 with the kid of an RSA key", es({"kid": "rsa"})
    yield "unknown kid", es({"kid": "no such key"})
    yield "kid that is no string", es({"kid": 7})
    yield "kid of another key of its type", es({"kid": "ec2"})
    yield "no kid: several keys fit", token(sign_es, EC, {"alg": "ES256"})
    yield "key for encryption", es({"kid": "enc"})
    yield "key for another algorithm", token(sign_rs, RSA, {"alg": "RS256", "kid": "ps only"})
    yield "another curve", token(sign_es, EC, {"alg": "ES256", "kid": "p384"})
    yield "signed by a stranger", es(key=EC_OTHER)
    yield "embedded jwk", es({"jwk": jwk_ec(EC_OTHER, "ec")}, key=EC_OTHER)
    yield "embedded jwk beside the right signature", es({"jwk": jwk_ec(EC, "ec")})
    yield "address of a key set", es({"jku": "https://evil.test/jwks"})
    yield "address of a certificate", es({"x5u": "https://evil.test/cert"})
    yield "certificate", es({"x5c": ["MIIB"]})
    yield "critical header", es({"crit": ["exp"], "exp": END})
    yield "unencoded payload", es({"crit": ["b64"], "b64": False})
    yield "compressed", es({"zip": "DEF"})
    yield "another type", es({"typ": "dpop+jwt"})
    yield "wrong audience", es(payload=claims(aud="other"))
    yield "part of the audience", es(payload=claims(aud="sci"))
    yield "no audience", es(payload=claims(aud=None))
    yield "audience that is a number", es(payload=claims(aud=7))
    yield "empty list of audiences", es(payload=claims(aud=[]))
    yield "wrong issuer", es(payload=claims(iss="https://idp.test"))
    yield "no issuer", es(payload=claims(iss=None))
    yield "wrong tenant", es(payload=claims(tenant="other"))
    yield "no tenant", es(payload=claims(tenant=None))
    yield "expired", es(payload=claims(exp=1700000000))
    yield "no end", es(payload=claims(exp=None))
    yield "end that is a string", es(payload=claims(exp=str(END)))
    yield "end that is huge", es(payload=json.dumps(claims()).replace(str(END), "1e300").encode())
    yield "end that is negative", es(payload=claims(exp=-1))
    yield "not valid yet", es(payload=claims(nbf=END - 10))
    yield "nbf that is a string", es(payload=claims(nbf="0"))
    yield "issued in the future", es(payload=claims(iat=END - 10))
    yield "same claim twice", es(payload=b'{"iss":"https://idp.test/","aud":"scim","aud":"x","exp":%d}' % END)
    yield "same claim in another case", es(payload=b'{"iss":"https://idp.test/","aud":"scim","EXP":1,"exp":%d}' % END)
    yield "same header twice", token(sign_es, EC, b'{"alg":"ES256","alg":"none","kid":"ec"}')
    yield "claims that are a list", es(payload=b"[]")
    yield "claims that are no JSON", es(payload=b"{")
    yield "claims that are not UTF-8", es(payload=b'{"iss":"\xff"}')
    yield "claims with a NUL", es(payload=b'{"iss":"\\u0000"}')
    yield "deep claims", es(payload=b'{"a":' * 40 + b"1" + b"}" * 40)
    yield "oversized", es(payload=claims(pad="x" * 7000))
    yield "changed claims", changed(good, 1, lambda _: b64(json.dumps(claims(sub="root")).encode()))
    yield "changed header", changed(good, 0, lambda _: b64(b'{"alg":"ES256","kid":"ec","typ":"JWT"}'))
    yield "no signature", changed(good, 2, lambda _: "")
    yield "signature of zeros", changed(good, 2, lambda _: b64(bytes(64)))
    yield "signature cut", changed(good, 2, lambda s: s[:80])
    yield "signature in DER", token(sign_es_der, EC, {"alg": "ES256", "kid": "ec"})
    yield "EdDSA cut", changed(token(sign_ed, ED, {"alg": "EdDSA", "kid": "ed"}), 2, lambda s: s[:80])
    yield "padded", good + "=="
    yield "with a blank", good.replace(".", ". ")
    yield "with a line break", good + "\n"
    yield "four parts", good + ".x"
    yield "two parts", ".".join(good.split(".")[:2])
    yield "dots alone", "ey.."
    yield "letters alone", "eyJ"


def quote(text):
    return "E'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"


def main():
    encryption = dict(jwk_ec(EC, "enc"), use="enc")
    other = EC_384.public_key().public_numbers()
    keys = {
        "all": {"keys": [jwk_rsa(RSA, "rsa"), dict(jwk_rsa(RSA, "ps only"), alg="PS256"), jwk_ec(EC, "ec"),
                         jwk_ec(EC_OTHER, "ec2"), jwk_ed(ED, "ed"), encryption,
                         {"kty": "EC", "crv": "P-384", "kid": "p384", "x": number(other.x, 48),
                          "y": number(other.y, 48)}]},
        "weak": {"keys": [jwk_rsa(RSA_WEAK, "weak")]},
        "off the curve": {"keys": [dict(jwk_ec(EC, "ec"), y=number(1, 32))]},
        "private": {"keys": [dict(jwk_ec(EC, "ec"), d=number(1, 32))]},
    }
    print("INSERT INTO t.keys VALUES")
    print(",\n".join("  (%s, %s)" % (quote(name), quote(json.dumps(jwks))) for name, jwks in keys.items()) + ";")
    print("INSERT INTO t.tokens (name, token) VALUES")
    print(",\n".join("  (%s, %s)" % (quote(name), quote(text)) for name, text in cases()) + ";")


main()

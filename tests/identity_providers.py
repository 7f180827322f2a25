"""Single sign-on providers that tests start themselves: OpenID Connect and SAML 2.0, on a port of
this machine. `faults` makes their answers untrustworthy in one way at a time."""

from __future__ import annotations

import base64
import datetime as dt
import html
import json
import secrets
import threading
import time
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from allauth.socialaccount.models import SocialApp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from jwt.algorithms import RSAAlgorithm

from roles.models import Department, User
from roles.people import single_sign_on
from roles.people.single_sign_on import Grant

CLIENT_ID, SECRET = "jd-builder", "provider-secret"


class Key:
    """An RSA key with a certificate, in the formats that the protocols use."""

    def __init__(self) -> None:
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "provider")])
        now = dt.datetime.now(dt.UTC)
        self._certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.private.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=30))
            .sign(self.private, hashes.SHA256())
        )

    @property
    def pem(self) -> str:
        return self.private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()

    @property
    def certificate(self) -> str:
        return self._certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def jwk(self) -> dict[str, Any]:
        return {
            **json.loads(RSAAlgorithm.to_jwk(self.private.public_key())),
            "kid": "1",
            "alg": "RS256",
            "use": "sig",
        }


class Provider:
    """What both kinds have: the person who signs in there, and what is wrong with the answers."""

    def __init__(self) -> None:
        self.key, self.other_key = Key(), Key()
        self.person: dict[str, Any] = {
            "sub": "p-1",
            "email": "ada@example.org",
            "given_name": "Ada",
            "family_name": "Byron",
            "groups": ["jd-hr"],
        }
        self.faults: set[str] = set()
        self.requests: list[str] = []
        self.address = ""
        self.app: Any = None  # of set_up

    @contextmanager
    def running(self) -> Iterator[Any]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.requests.append(self.path)
                provider.get(self, urlsplit(self.path))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                provider.requests.append(self.path)
                provider.post(self, urlsplit(self.path), parse_qs(body.decode()))

            def log_message(self, *_arguments: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()

    def get(self, handler: Any, url: Any) -> None:
        handler.send_error(404)

    def post(self, handler: Any, url: Any, form: dict[str, list[str]]) -> None:
        handler.send_error(404)


def send(handler: Any, body: str, kind: str = "application/json", status: int = 200) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.end_headers()
    handler.wfile.write(body.encode())


class OpenIDProvider(Provider):
    def __init__(self) -> None:
        super().__init__()
        self.codes: dict[str, dict[str, str]] = {}

    def get(self, handler: Any, url: Any) -> None:
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == "/.well-known/openid-configuration":
            send(handler, json.dumps(self._configuration()))
        elif url.path == "/keys":
            send(handler, json.dumps({"keys": [self.key.jwk]}))
        elif url.path == "/authorize":
            handler.send_response(302)
            handler.send_header("Location", self.answer_address(query))
            handler.end_headers()
        elif url.path == "/userinfo":
            sub = "someone-else" if "userinfo" in self.faults else self.person["sub"]
            send(handler, json.dumps({**self.person, "sub": sub}))
        else:
            handler.send_error(404)

    def post(self, handler: Any, url: Any, form: dict[str, list[str]]) -> None:
        code = form.get("code", [""])[0]
        if url.path != "/token" or self.codes.pop(code, None) is None:
            send(handler, json.dumps({"error": "invalid_grant"}), status=400)
            return
        answer = {"access_token": secrets.token_hex(8), "token_type": "Bearer", "expires_in": 60}
        if "no_token" not in self.faults:
            answer["id_token"] = self._id_token()
        send(handler, json.dumps(answer))

    def answer_address(self, query: dict[str, str]) -> str:
        """The address to which the person comes back: with a code, or canceled."""
        if "denied" in self.faults:
            answer = {"error": "access_denied", "state": query["state"]}
        else:
            code = secrets.token_hex(8)
            self.codes[code] = query
            answer = {"code": code, "state": query["state"]}
        return f"{query['redirect_uri']}?{urlencode(answer)}"

    def _configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def _id_token(self) -> str:
        now = int(time.time())
        claims = {
            **self.person,
            "iss": "https://evil.example" if "issuer" in self.faults else self.address,
            "aud": "another-site" if "audience" in self.faults else CLIENT_ID,
            "iat": now - 7200 if "time" in self.faults else now,
            "exp": now - 3600 if "time" in self.faults else now + 300,
        }
        if "unsigned" in self.faults:
            return jwt.encode(claims, "", algorithm="none", headers={"kid": "1"})
        if "symmetric" in self.faults:
            return jwt.encode(claims, SECRET * 4, algorithm="HS256", headers={"kid": "1"})
        key = self.other_key if "signature" in self.faults else self.key
        return jwt.encode(claims, key.pem, algorithm="RS256", headers={"kid": "1"})


class SamlProvider(Provider):
    def __init__(self) -> None:
        super().__init__()
        self.last_response = ""

    @property
    def entity_id(self) -> str:
        return f"{self.address}/metadata"

    def get(self, handler: Any, url: Any) -> None:
        query = parse_qs(url.query)
        request = zlib.decompress(base64.b64decode(query["SAMLRequest"][0]), -15).decode()
        acs = html.escape(_attribute(request, "AssertionConsumerServiceURL"))
        page = f"""<!doctype html><title>Provider</title>
        <form method="post" action="{acs}">
        <input type="hidden" name="SAMLResponse" value="{self.response(request)}">
        <button>Continue</button></form>"""
        send(handler, page, "text/html")

    def metadata(self) -> str:
        """What an administrator pastes."""
        certificate = "".join(self.key.certificate.splitlines()[1:-1])
        return f"""<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"
          entityID="{self.entity_id}"><IDPSSODescriptor
          protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
          <KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#">
          <X509Data><X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo>
          </KeyDescriptor><SingleSignOnService Location="{self.address}/sign-on"
          Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"/>
          </IDPSSODescriptor></EntityDescriptor>"""

    def response(self, request: str) -> str:
        """The answer to an authentication request, in Base64."""
        from onelogin.saml2.utils import OneLogin_Saml2_Utils

        assertion = self._assertion(request)
        key = self.other_key if "signature" in self.faults else self.key
        signed = assertion
        if "unsigned" not in self.faults:
            signed = OneLogin_Saml2_Utils.add_sign(assertion, key.pem, key.certificate).decode()
        if "changed" in self.faults:
            signed = signed.replace(self.person["email"], "root@example.org")
        signed = signed.partition("?>")[2] if signed.startswith("<?xml") else signed
        acs = _attribute(request, "AssertionConsumerServiceURL")
        issuer = "https://evil.example" if "issuer" in self.faults else self.entity_id
        replied = "" if "unasked" in self.faults else f'InResponseTo="{_attribute(request, "ID")}"'
        xml = f"""<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
          xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_{uuid.uuid4().hex}"
          Version="2.0" IssueInstant="{_instant(0)}" Destination="{acs}" {replied}>
          <saml:Issuer>{issuer}</saml:Issuer><samlp:Status><samlp:StatusCode
          Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{signed}
          </samlp:Response>"""
        self.last_response = base64.b64encode(xml.encode()).decode()
        return self.last_response

    def _assertion(self, request: str) -> str:
        acs = _attribute(request, "AssertionConsumerServiceURL")
        audience = acs.replace("/acs/", "/metadata/")
        if "audience" in self.faults:
            audience = "https://another.example"
        until = _instant(-3600 if "time" in self.faults else 300)
        issuer = "https://evil.example" if "issuer" in self.faults else self.entity_id
        replied = "" if "unasked" in self.faults else f'InResponseTo="{_attribute(request, "ID")}"'
        values = "".join(
            f'<saml:Attribute Name="{name}">'
            + "".join(
                f"<saml:AttributeValue>{html.escape(value)}</saml:AttributeValue>"
                for value in (stated if isinstance(stated, list) else [stated])
            )
            + "</saml:Attribute>"
            for name, stated in (
                ("email", self.person["email"]),
                ("givenName", self.person["given_name"]),
                ("sn", self.person["family_name"]),
                ("groups", self.person["groups"]),
            )
        )
        return f"""<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"
          ID="_{uuid.uuid4().hex}" Version="2.0" IssueInstant="{_instant(0)}">
          <saml:Issuer>{issuer}</saml:Issuer><saml:Subject><saml:NameID
          Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{self.person["sub"]}</saml:NameID>
          <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
          <saml:SubjectConfirmationData NotOnOrAfter="{until}" Recipient="{acs}" {replied}/>
          </saml:SubjectConfirmation></saml:Subject>
          <saml:Conditions NotBefore="{_instant(-7200)}" NotOnOrAfter="{until}">
          <saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience>
          </saml:AudienceRestriction></saml:Conditions>
          <saml:AuthnStatement AuthnInstant="{_instant(0)}"><saml:AuthnContext>
          <saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>
          </saml:AuthnContext></saml:AuthnStatement>
          <saml:AttributeStatement>{values}</saml:AttributeStatement></saml:Assertion>"""


def _attribute(xml: str, name: str) -> str:
    return html.unescape(xml.partition(f' {name}="')[2].partition('"')[0])


def _instant(seconds: int) -> str:
    moment = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def set_up(provider: Provider, *, by: User, sales: Department, **settings: Any) -> SocialApp:
    """Store a provider as the settings page does, with rules for three groups."""
    common = {
        "creates_accounts": True,
        "verified_email": True,
        "email_authentication": True,
        "groups_claim": "groups",
    }
    if isinstance(provider, SamlProvider):
        app = SocialApp(provider=single_sign_on.SAML, name="Test SAML")
        own = single_sign_on.saml_settings(
            provider.entity_id, f"{provider.address}/sign-on", provider.key.certificate
        )
    else:
        app = SocialApp(
            provider=single_sign_on.OPENID_CONNECT,
            name="Test OpenID",
            client_id=CLIENT_ID,
            secret=SECRET,
        )
        own = {"server_url": provider.address, "fetch_userinfo": True}
    app.settings = {**own, **common, **settings}
    grants = [
        Grant("jd-hr", "hr", sales),
        Grant("jd-admin", "admin"),
        Grant("jd-curators", "curator"),
        Grant("only-department", "", sales),
    ]
    return single_sign_on.save(by=by, app=app, grants=grants)

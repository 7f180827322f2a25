"""What an administrator does first, as requests to an installation behind a proxy: set it up, sign
in, import job descriptions in many scripts, download their PDFs, and one ZIP of all. For
bin/clean-root.

    python3 tests/deployment/walk.py http://127.0.0.1:8000 https://jd.example.org CODE

Only the standard library and poppler-utils are needed. The installation must have no job
descriptions.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import tempfile
import time
import uuid
import zipfile
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

TEXTS = {  # by title: a line, and what names of fonts of its PDF contain
    "लेखा प्रबंधक": ("ग्राहकों के साथ मासिक समीक्षा बैठकें आयोजित करना।", ("NotoSansDevanagari",)),
    "Launch Manager": ("Plan each launch 🚀 with the team 🎉.", ("NotoColorEmoji",)),
    "Global Manager": (
        "العربية, עברית, ไทย, 中文, 日本語, 한국어, தமிழ், ქართული, Ελλάδα",
        ("Arabic", "Hebrew", "Thai", "CJK", "Tamil", "Georgian"),
    ),
}
USERNAME, PASSWORD = "admin", "plain words for a start"
START_SECONDS = 120
WORK_SECONDS = 180


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Visitor:
    """A browser behind the proxy: it keeps cookies and says that it came over HTTPS."""

    def __init__(self, server: str, site: str) -> None:
        self.server = urlsplit(server).netloc
        self.site = site
        self.cookies: SimpleCookie = SimpleCookie()

    def request(
        self, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """Returns the answer, of a redirect too."""
        connection = HTTPConnection(self.server, timeout=120)
        sent = {
            "Host": urlsplit(self.site).netloc,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "192.0.2.1",
            "Referer": f"{self.site}{path}",
            "Cookie": "; ".join(f"{m.key}={m.coded_value}" for m in self.cookies.values()),
            **(headers or {}),
        }
        connection.request("POST" if body is not None else "GET", path, body, sent)
        response = connection.getresponse()
        self._keep_cookies(response)
        return Answer(response.status, dict(response.getheaders()), response.read())

    def get(self, path: str) -> Answer:
        answer = self.request(path)
        assert answer.status == 200, f"{path} answers {answer.status}: {answer.text[:500]}"
        return answer

    def submit(
        self, path: str, fields: dict[str, str], file: tuple[str, bytes] | None = None
    ) -> str:
        """Fills in the page's form, and returns the path of the page to which it leads."""
        hidden = re.findall(
            r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.get(path).text
        )
        content_type, body = _encoded({**dict(hidden), **fields}, file)
        answer = self.request(path, body, {"Content-Type": content_type})
        assert answer.status == 302, f"{path} answers {answer.status}: {_words(answer.text)}"
        return answer.headers["Location"]

    def _keep_cookies(self, response: HTTPResponse) -> None:
        for value in response.headers.get_all("Set-Cookie") or []:
            is_removed = "Max-Age=0" in value
            assert is_removed or "Secure" in value, f"plain HTTP would reveal {value}"
            self.cookies.load(value)


def _encoded(fields: dict[str, str], file: tuple[str, bytes] | None) -> tuple[str, bytes]:
    """Returns the content type and the body of a form."""
    if file is None:
        return "application/x-www-form-urlencoded", urlencode(fields).encode()
    limit = uuid.uuid4().hex
    parts = [
        f'--{limit}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'form-data; name="file"; filename="{file[0]}"\r\nContent-Type: application/json'
    parts += [f"--{limit}\r\nContent-Disposition: {head}\r\n\r\n".encode(), file[1]]
    return f"multipart/form-data; boundary={limit}", b"".join(
        [*parts, f"\r\n--{limit}--\r\n".encode()]
    )


def _words(page: str) -> str:
    """Returns what the main part of a page says."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def wait_until_healthy(visitor: Visitor) -> None:
    last = time.monotonic() + START_SECONDS
    while True:
        try:
            # As the load balancer asks: plain HTTP, by the server's address.
            headers = {"Host": visitor.server, "X-Forwarded-Proto": "http"}
            answer = visitor.request("/healthz", headers=headers)
            if answer.status == 200:
                return
            problem = answer.text
        except OSError as error:
            problem = str(error)
        assert time.monotonic() < last, f"/healthz: {problem}"
        time.sleep(0.5)


def check_front_door(visitor: Visitor) -> None:
    """Visitors without HTTPS, without a session, and with another host name are sent away. Static
    files are there."""
    plain = visitor.request("/", headers={"X-Forwarded-Proto": "http"})
    assert plain.status == 301, plain
    assert plain.headers["Location"].startswith("https://")
    assert visitor.request("/", headers={"Host": "elsewhere.example"}).status == 400
    assert "/sign-in/" in visitor.request("/").headers["Location"]
    page = visitor.get("/sign-in/")
    assert "max-age" in page.headers["Strict-Transport-Security"]
    [style, *_] = re.findall(r'href="(/static/[^"]+\.css)"', page.text)
    assert "immutable" in visitor.get(style).headers["Cache-Control"]


def set_up(visitor: Visitor, code: str) -> None:
    """Creates the first administrator."""
    fields = {
        **{"code": code, "username": USERNAME, "email": "admin@example.org"},
        **{"first_name": "Ada", "last_name": "Byron"},
        **{"password1": PASSWORD, "password2": PASSWORD},
        **{"name": "Northwind", "brand_color": "#1f4e79", "paper": "A4"},
        **{"language": "en", "families": "sales"},
    }
    assert visitor.submit("/set-up/", fields) == "/settings/"
    assert visitor.request("/set-up/").status == 404


def sign_in(visitor: Visitor) -> None:
    visitor.submit("/sign-in/", {"login": USERNAME, "password": PASSWORD})
    assert "sessionid" in visitor.cookies
    assert 'action="/sign-out/"' in visitor.get("/").text


def import_description(visitor: Visitor, title: str, line: str) -> str:
    """Uploads a file, and returns the reference of the new job description."""
    lines = [{"text": line, "uid": "line"}]
    section = {"kind": "responsibilities", "heading": title, "lines": lines, "uid": "section"}
    value = {"schema": 1, "title": title, "sections": [section]}
    file = ("jd.json", json.dumps(value).encode())
    return visitor.submit("/descriptions/new/file/", {}, file).split("/")[2]


def check_pdf(content: bytes, title: str, line: str, fonts: tuple[str, ...]) -> None:
    """The PDF has all characters, with fonts that are embedded."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(content)
        file.flush()
        text = _run("pdftotext", "-raw", file.name, "-")
        table = _run("pdffonts", file.name).splitlines()[2:]
        metadata = _run("pdfinfo", "-meta", file.name)
    # Poppler may change the order of marks and of words of right-to-left scripts.
    missing = {c for c in f"{title}{line}" if not c.isspace()} - set(text)
    assert not missing, f"{title}: the PDF lacks {missing}"
    assert "■" not in text, f"{title}: a character without a font"
    assert "pdfuaid:part" in metadata, f"{title}: not declared as accessible"
    names = " ".join(row.split()[0] for row in table).replace("-", "")
    assert all(font in names for font in fonts), f"{title}: {names}"
    # name, type (of one or two words), encoding, embedded, subset, Unicode, object ID (two numbers)
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in table), names
    print(f"  {title}: {len(content)} bytes, {names}")


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True).stdout.decode()


def check_zip(visitor: Visitor, references: list[str]) -> None:
    """The worker makes a ZIP of all."""
    chosen = urlencode([("jd", reference) for reference in references])
    fields = {"formats": "pdf", "audience": "restricted", "text": "draft"}
    page = visitor.submit(f"/exports/new/?{chosen}", fields)
    last = time.monotonic() + WORK_SECONDS
    while (answer := visitor.request(f"{urlsplit(page).path}file/")).status != 200:
        assert time.monotonic() < last, "the worker makes no ZIP"
        time.sleep(0.5)
    names = zipfile.ZipFile(io.BytesIO(answer.body)).namelist()
    assert sum(name.endswith(".pdf") for name in names) == len(references), names


def main(server: str, site: str, code: str) -> None:
    visitor = Visitor(server, site)
    wait_until_healthy(visitor)
    set_up(visitor, code)
    visitor = Visitor(server, site)
    check_front_door(visitor)
    sign_in(visitor)
    references = []
    for title, (line, fonts) in TEXTS.items():
        references.append(import_description(visitor, title, line))
        pdf = visitor.get(f"/descriptions/{references[-1]}/export/pdf/?audience=restricted").body
        check_pdf(pdf, title, line, fonts)
    check_zip(visitor, references)


if __name__ == "__main__":
    main(*sys.argv[1:])

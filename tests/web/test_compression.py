"""Pages are compressed for browsers that can read it; files are sent as they are stored."""

from __future__ import annotations

import gzip

import pytest
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.urls import reverse

from jdbuilder.compression import CompressText
from roles.web.shared import http_caching
from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
GZIP = {"Accept-Encoding": "gzip, br"}
TEXT = b"The text of a page. " * 100


def _answer(response):
    request = RequestFactory().get("/", headers=GZIP)
    return CompressText(lambda _request: response)(request)


def test_a_page_is_compressed_and_the_same(client_for):
    client = client_for("hr")
    url = reverse("email_preferences")  # without nonces, only with a token against forgery
    plain, response = client.get(url), client.get(url, headers=GZIP)
    assert "Content-Encoding" not in plain
    assert response["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response["Vary"]
    text = gzip.decompress(response.content)
    assert abs(len(text) - len(plain.content)) < 100
    assert len(response.content) < len(text) / 2
    assert int(response["Content-Length"]) == len(response.content)


def test_the_length_of_a_compressed_page_varies():
    """Django's mitigation of BREACH: the same secret has no fixed length."""
    lengths = {len(_answer(HttpResponse(TEXT)).content) for _time in range(40)}
    assert len(lengths) > 5


@pytest.mark.parametrize("form", ["pdf", "docx", "txt"])
def test_a_stored_file_is_sent_with_its_length_and_strong_etag(client_for, form):
    client = client_for("hr")
    jd = builders.description(client.user)
    builders.published(jd)
    url = reverse("version_export", args=[jd.reference, 1, form])
    response = client.get(url, headers=GZIP)
    content = b"".join(response.streaming_content)
    assert "Content-Encoding" not in response
    assert int(response["Content-Length"]) == len(content)
    assert response["ETag"].startswith('"')
    again = client.get(url, headers=GZIP | {"If-None-Match": response["ETag"]})
    assert again.status_code == 304


def test_the_etag_of_a_page_becomes_weak_and_still_matches():
    response = _answer(HttpResponse(TEXT, headers={"ETag": '"digest"'}))
    assert response["ETag"] == 'W/"digest"'
    request = RequestFactory().get("/", headers={"If-None-Match": response["ETag"]})
    assert http_caching.unless_known(request, HttpResponse(TEXT), "digest").status_code == 304


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(TEXT, headers={"Content-Encoding": "br"}),
        HttpResponse(TEXT, content_type="application/pdf"),
        HttpResponse(TEXT, content_type="application/zip"),
        HttpResponse(TEXT, content_type="image/png"),
        HttpResponse(TEXT, status=206, headers={"Content-Range": "bytes 0-1999/4000"}),
        StreamingHttpResponse([TEXT, TEXT], content_type="text/event-stream"),
        FileResponse([TEXT], content_type="text/plain"),
    ],
    ids=["encoded", "pdf", "zip", "png", "range", "events", "file"],
)
def test_other_answers_stay_as_they_are(response):
    before = dict(response.headers)
    body = None if response.streaming else response.content
    answer = _answer(response)
    assert dict(answer.headers) == before
    if body is None:
        assert next(iter(answer.streaming_content)) == TEXT  # piece by piece
    else:
        assert answer.content == body

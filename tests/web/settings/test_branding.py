"""The brand color adjusted for contrast, its style sheet, and logos."""

import hashlib
from io import BytesIO

import pytest
from PIL import Image

from roles.exporters import color
from roles.models.organization import Logo
from tests import builders

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M1 1h7v7z"/></svg>'


def png() -> bytes:
    target = BytesIO()
    Image.new("RGB", (4, 4), "red").save(target, "PNG")
    return target.getvalue()


def keep(content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    Logo.objects.create(digest=digest, content=content)
    return digest


class TestColor:
    def test_contrast_follows_wcag(self):
        assert color.contrast("#000000", "#ffffff") == pytest.approx(21)
        assert color.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
        assert color.contrast("#123456", "#123456") == pytest.approx(1)

    @pytest.mark.parametrize("ground", ["#ffffff", "#f4f4f3", "#1e2123", "#000000"])
    @pytest.mark.parametrize(
        "chosen", ["#1f4e79", "#ffffff", "#000000", "#ffd400", "#00ff00", "#e07a1f", "#7f7f7f"]
    )
    def test_every_color_becomes_readable(self, chosen, ground):
        readable_color = color.readable(chosen, ground)
        assert color.contrast(readable_color, ground) >= 4.5
        assert color.contrast(color.text_on(readable_color), readable_color) >= 4.5

    def test_a_readable_color_is_unchanged(self):
        assert color.readable("#1f4e79") == "#1f4e79"

    @pytest.mark.parametrize("chosen", ["", "red", "#fff", "#1f4e79;}", "#12345g"])
    def test_invalid_colors_use_the_default(self, chosen):
        assert color.readable(chosen) == "#1f4e79"


@pytest.mark.django_db
class TestBrandCss:
    def test_it_is_public_and_has_the_brand_color(self, client):
        builders.organization(brand_color="#ffd400")
        response = client.get("/brand.css")
        assert response["Content-Type"] == "text/css; charset=utf-8"
        assert f"--jd-accent: {color.readable('#ffd400')}" in response.text
        assert "prefers-color-scheme: dark" in response.text
        assert "max-age" in response["Cache-Control"]

    def test_without_an_organization_it_has_the_default_color(self, client):
        assert "--jd-accent: #1f4e79" in client.get("/brand.css").text

    def test_a_cached_style_sheet_gets_304_until_the_color_changes(self, client):
        etag = client.get("/brand.css")["ETag"]
        assert client.get("/brand.css", headers={"If-None-Match": etag}).status_code == 304
        builders.organization(brand_color="#7a1f5c")
        assert client.get("/brand.css", headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.django_db
class TestLogo:
    @pytest.mark.slow
    @pytest.mark.parametrize(("content", "kind"), [(SVG, "image/svg+xml"), (png(), "image/png")])
    def test_logos_are_served_with_their_type_and_cannot_run_scripts(
        self, client_for, content, kind
    ):
        response = client_for("manager").get(f"/logo/{keep(content)}/")
        assert response.content == content
        assert response["Content-Type"] == kind
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response["Content-Security-Policy"]
        assert "immutable" in response["Cache-Control"]

    @pytest.mark.slow
    def test_a_cached_logo_gets_304(self, client_for):
        client, digest = client_for("hr"), keep(SVG)
        headers = {"If-None-Match": f'"{digest}"'}
        assert client.get(f"/logo/{digest}/", headers=headers).status_code == 304

    def test_unknown_or_invalid_logos_are_not_found(self, client_for):
        client = client_for("hr")
        assert client.get("/logo/0000/").status_code == 404
        assert client.get(f"/logo/{keep(b'<html>')}/").status_code == 404
        scripted = SVG.replace(b"<path", b"<script>1</script><path")
        assert client.get(f"/logo/{keep(scripted)}/").status_code == 404

    def test_logos_are_public_and_cacheable(self, client):
        response = client.get(f"/logo/{keep(SVG)}/")
        assert response.content == SVG
        assert "public" in response["Cache-Control"]
        assert "Vary" not in response

    @pytest.mark.slow
    def test_the_preview_shows_the_logo(self, client_for):
        builders.organization(logo_id=keep(SVG))
        jd = builders.description()
        text = client_for("hr").get(f"{jd.get_absolute_url()}preview/").text
        assert f'src="/logo/{hashlib.sha256(SVG).hexdigest()}/"' in text

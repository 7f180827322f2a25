"""URLs of the look of the organization."""

from django.urls import path, re_path

from roles.web.settings import branding

urlpatterns = [
    path("brand.css", branding.brand_css, name="brand_css"),
    re_path(
        r"^brand/(?P<color_digits>[0-9a-f]{6})\.css$", branding.version_css, name="version_css"
    ),
    path("logo/<slug:digest>/", branding.logo, name="logo"),
]

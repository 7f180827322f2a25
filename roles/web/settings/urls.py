"""URLs of settings."""

from django.urls import include, path, re_path

from roles.web.settings import branding, security

security_urls = [
    path("", security.security, name="security_settings"),
    path("providers/add/<slug:kind>/", security.add_provider, name="provider_add"),
    path("providers/<number:key>/", security.edit_provider, name="provider_edit"),
    path("providers/<number:key>/remove/", security.remove_provider, name="provider_remove"),
]

urlpatterns = [
    path("brand.css", branding.brand_css, name="brand_css"),
    re_path(
        r"^brand/(?P<color_digits>[0-9a-f]{6})\.css$", branding.version_css, name="version_css"
    ),
    path("settings/security/", include(security_urls)),
    path("logo/<slug:digest>/", branding.logo, name="logo"),
]

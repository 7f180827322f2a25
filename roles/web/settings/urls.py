"""URLs of the look of the organization."""

from django.urls import path

from roles.web.settings import branding

urlpatterns = [
    path("brand.css", branding.brand_css, name="brand_css"),
    path("logo/<slug:digest>/", branding.logo, name="logo"),
]

"""The URLs of the site: monitoring, icon and admin. Those of the product are in roles/urls.py."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path
from django.views.decorators.http import require_safe

from jdbuilder import monitoring
from roles.web.shared import unavailable

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
handler404 = unavailable.page_not_found
handler429 = unavailable.too_many_requests  # of django-allauth


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Redirects to the icon, for pages that don't link to it, such as the admin's and files."""
    return redirect(static("img/icon.svg"))


urlpatterns = [
    path("favicon.ico", favicon, name="favicon"),
    path("healthz", monitoring.healthz, name="healthz"),
    path("metrics", monitoring.prometheus, name="metrics"),
    path("admin/", admin.site.urls),
    path("", include("roles.urls")),
]

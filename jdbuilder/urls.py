"""The URLs of the site: health check, icon and admin. Those of the product are in roles/urls.py."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path
from django.views.decorators.http import require_safe

from roles import outages
from roles.web.shared import unavailable

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
handler404 = unavailable.page_not_found
handler429 = unavailable.too_many_requests  # of django-allauth
READING = {
    outages.FULL: " Pages can still be read.",
    outages.READ_ONLY: " Pages can still be read.",
    outages.UNREACHABLE: "",
}


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Returns 200 if the product can read and save, otherwise 503 with the reason."""
    reason = outages.current()
    if reason:
        text = f"{unavailable.REASONS[reason]}{READING[reason]}\n"
        return HttpResponse(text, "text/plain; charset=utf-8", status=503)
    return HttpResponse("ok\n", "text/plain")


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Redirects to the icon, for pages that don't link to it, such as the admin's and files."""
    return redirect(static("img/icon.svg"))


urlpatterns = [
    path("favicon.ico", favicon, name="favicon"),
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("", include("roles.urls")),
]

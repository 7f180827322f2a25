"""OpenID Connect: allauth's views, with the checks that it leaves to TLS. The signature of the ID
token is verified, and the user info must be about the same person (OpenID Connect Core 1.0,
3.1.3.7 and 5.3.2)."""

from __future__ import annotations

import logging
from typing import Any

from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from requests import RequestException

from roles.web.accounts.account_adapter import refuse

log = logging.getLogger(__name__)


class VerifyingAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("no ID token")
        login = super().complete_login(request, app, token, **kwargs)
        data = login.account.extra_data
        if "userinfo" in data and data["userinfo"].get("sub") != data["id_token"].get("sub"):
            raise OAuth2Error("the user info is about someone else")
        return login

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        try:
            decoded: dict[str, Any] = jwtkit.verify_and_decode(
                credential=id_token,
                keys_url=self.openid_config["jwks_uri"],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
            )
        except (KeyError, TypeError, ValueError) as error:  # no key, or a key of another kind
            raise OAuth2Error("Invalid id_token") from error
        return decoded


@login_not_required
def sign_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Sends the person to the provider."""
    return _answer(OAuth2LoginView, request, provider_id)


@login_not_required
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Reads the provider's answer and signs the person in."""
    return _answer(OAuth2CallbackView, request, provider_id)


def _answer(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        response: HttpResponse = view.adapter_view(VerifyingAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (RequestException, KeyError, ValueError) as error:  # down, or not a provider
        log.warning("single sign-on provider %s: %s", provider_id, type(error).__name__)
        refused: HttpResponse = refuse(request, "provider").response
        return refused
    return response

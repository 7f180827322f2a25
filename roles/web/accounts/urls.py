"""URLs of sign-in, one's own account, and people. allauth finds its pages by name."""

from __future__ import annotations

from allauth.account import views as account_views
from allauth.mfa.base import views as factor_views
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as app_views
from allauth.mfa.webauthn import views as passkey_views
from allauth.socialaccount import views as provider_views
from django.urls import include, path, re_path

from roles.web.accounts import (
    accept_invitation,
    edit_person,
    identity,
    invitation_pages,
    invite_people,
    openid_connect,
    people_pages,
    person_sign_in,
    saml,
    security_page,
    set_up,
    sign_in,
)

sign_in_urls = [
    path("", sign_in.SignIn.as_view(), name="account_login"),
    path("again/", sign_in.resubmit, name="resubmit"),
    path("carry/", sign_in.carry_to_provider, name="carry_to_provider"),
    path("inactive/", account_views.account_inactive, name="account_inactive"),
    path("code/", factor_views.authenticate, name="mfa_authenticate"),
    path("passkey/", sign_in.sign_in_with_passkey, name="mfa_login_webauthn"),
    path("canceled/", provider_views.login_cancelled, name="socialaccount_login_cancelled"),
    # OpenID Connect and SAML
    path("with/<slug:provider_id>/", openid_connect.sign_in, name="openid_connect_login"),
    path(
        "with/<slug:provider_id>/callback/",
        openid_connect.callback,
        name="openid_connect_callback",
    ),
    path("saml/<slug:organization_slug>/", saml.sign_in_with_saml, name="saml_login"),
    path("saml/<slug:organization_slug>/acs/", saml.receive_response, name="saml_acs"),
    path("saml/<slug:organization_slug>/finish/", saml.finish, name="saml_finish_acs"),
    path("saml/<slug:organization_slug>/sign-out/", saml.sign_out, name="saml_sls"),
    path("saml/<slug:organization_slug>/metadata/", saml.metadata, name="saml_metadata"),
]

password_urls = [
    path("reset/", account_views.password_reset, name="account_reset_password"),
    path("reset/sent/", account_views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        account_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "reset/done/",
        account_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("change/", account_views.password_change, name="account_change_password"),
    path("set/", account_views.password_set, name="account_set_password"),
]

account_urls = [
    path("", security_page.show_security, name="account_security"),
    path("factors/", security_page.show_security, name="mfa_index"),
    path("passkeys/", security_page.show_security, name="mfa_list_webauthn"),
    path("sessions/<number:key>/end/", security_page.end_session, name="session_end"),
    path("sessions/end/", security_page.sign_out_everywhere, name="sessions_end"),
    path("email/", account_views.email, name="account_email"),
    path(
        "email/sent/", account_views.email_verification_sent, name="account_email_verification_sent"
    ),
    path("email/confirm/<key>/", account_views.confirm_email, name="account_confirm_email"),
    path("app/add/", app_views.activate_totp, name="mfa_activate_totp"),
    path("app/remove/", app_views.deactivate_totp, name="mfa_deactivate_totp"),
    path("passkeys/add/", passkey_views.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/<number:pk>/rename/", passkey_views.edit_webauthn, name="mfa_edit_webauthn"),
    path("passkeys/<number:pk>/remove/", passkey_views.remove_webauthn, name="mfa_remove_webauthn"),
    path("recovery-codes/", recovery_views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "recovery-codes/new/",
        recovery_views.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "recovery-codes/file/",
        recovery_views.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    # Confirming one's identity before what is sensitive
    path("confirm/", account_views.reauthenticate, name="account_reauthenticate"),
    path("confirm/code/", factor_views.reauthenticate, name="mfa_reauthenticate"),
    path(
        "confirm/passkey/",
        passkey_views.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "confirm/with/<number:key>/", identity.confirm_with_provider, name="confirm_with_provider"
    ),
    path("confirm/done/", identity.identity_confirmed, name="identity_confirmed"),
]

people_urls = [
    path("", people_pages.list_people, name="people"),
    path("invite/", invite_people.invite, name="people_invite"),
    path("resend/", invitation_pages.resend_selected, name="people_resend"),
    path("<number:key>/", people_pages.show_person, name="person"),
    path("<number:key>/edit/", edit_person.edit, name="person_edit"),
    path("<number:key>/resend/", invitation_pages.resend, name="person_resend"),
    path("<number:key>/cancel/", invitation_pages.cancel, name="person_cancel"),
    path("<number:key>/sessions/end/", person_sign_in.end_sessions, name="person_sessions_end"),
    path(
        "<number:key>/factors/remove/", person_sign_in.remove_factors, name="person_factors_remove"
    ),
    path(
        "<number:key>/password-reset/",
        person_sign_in.send_password_reset,
        name="person_password_reset",
    ),
    path("<number:key>/deactivate/", people_pages.deactivate, name="person_deactivate"),
    path("<number:key>/reactivate/", people_pages.reactivate, name="person_reactivate"),
    path("<number:key>/erase/", people_pages.erase, name="person_erase"),
]

urlpatterns = [
    path("invitation/<str:token>/", accept_invitation.accept_invitation, name="invitation"),
    path("set-up/", set_up.set_up, name="set_up"),
    path("sign-in/", include(sign_in_urls)),
    path("sign-out/", account_views.logout, name="account_logout"),
    path("password/", include(password_urls)),
    path("account/", include(account_urls)),
    path("people/", include(people_urls)),
]

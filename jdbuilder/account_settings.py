"""Settings of django-allauth: sign-in, second factors and single sign-on (roles/web/accounts/).
jdbuilder/settings.py includes them."""

import environ

env = environ.Env()

# An installation without accounts asks for the first one (roles/first_run.py).
FIRST_RUN = not env.bool("DEBUG", default=False)

ACCOUNT_ADAPTER = "roles.web.accounts.account_adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
# Invitations and changes of the address are confirmed; others can sign in without.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no email about accounts that don't exist
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # seconds
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]
ACCOUNT_RATE_LIMITS = {
    # Failed attempts: from one address, and for one account.
    "login": "300/m/ip",  # an office can share one address
    "login_failed": env.str("SIGN_IN_LIMIT", default="20/10m/ip,5/5m/key"),
}
ACCOUNT_FORMS = {
    "reauthenticate": "roles.web.accounts.password_forms.ConfirmPasswordForm",
    "change_password": "roles.web.accounts.password_forms.ChangePasswordForm",
    "set_password": "roles.web.accounts.password_forms.SetPasswordForm",
    "reset_password": "roles.web.accounts.password_forms.RequestResetForm",
    "reset_password_from_key": "roles.web.accounts.password_forms.NewPasswordForm",
    "add_email": "roles.web.accounts.password_forms.ChangeEmailForm",
}
# Proxies in front of the site: the address of a visitor is this many places from the end of
# X-Forwarded-For. Without a proxy, the header isn't read.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int(
    "PROXY_COUNT", default=1 if env.str("SECURE_PROXY_SSL_HEADER", default="") else 0
)

MFA_ADAPTER = "roles.web.accounts.factor_adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["recovery_codes", "totp", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1  # of 30 seconds, for clocks that differ
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = env.bool("DEBUG", default=False)
MFA_FORMS = {
    "authenticate": "roles.web.accounts.factor_forms.FactorCodeForm",
    "reauthenticate": "roles.web.accounts.factor_forms.ConfirmCodeForm",
    "activate_totp": "roles.web.accounts.factor_forms.ActivateAppForm",
    "add_webauthn": "roles.web.accounts.factor_forms.AddPasskeyForm",
    "edit_webauthn": "roles.web.accounts.factor_forms.RenamePasskeyForm",
}

SOCIALACCOUNT_ADAPTER = "roles.web.accounts.single_sign_on_adapter.SingleSignOnAdapter"
# A link rather than a form, which the content security policy would not let redirect elsewhere.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True}}

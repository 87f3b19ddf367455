"""Serves one Django with django-oauth-toolkit, with a database that exists in memory only.

It is told its `key`, the `users`, the `clients`, and which `origins` may read its answers.
"""

import logging
import os
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from jwcrypto.jwk import JWK

import host

APPS = ["auth", "contenttypes", "sessions", "oauth2_provider"]


# Without it, the toolkit's library gives no CORS header to an origin of http.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"


def configure(start):
    # Each answer that is an error is a warning otherwise.
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    settings.configure(
        SECRET_KEY="of a server that forgets everything when it stops",
        ALLOWED_HOSTS=["localhost"],
        ROOT_URLCONF="serve_urls",
        USE_TZ=True,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "corsheaders", "oauth2_provider"],
        # The tables are made from the models: the steps of years that led there take seconds.
        MIGRATION_MODULES={app: None for app in APPS},
        MIDDLEWARE=[
            "corsheaders.middleware.CorsMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        TEMPLATES=[{
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [Path(__file__).parent / "templates"],
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth"]},
        }],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        LOGIN_URL="/login/",
        LOGGING_CONFIG=None,
        # The toolkit allows an application's origin by itself where it gives a token, and not where it refuses one, nor at userinfo.
        CORS_URLS_REGEX=r"^/(token|revoke_token|userinfo)/",
        CORS_ALLOWED_ORIGINS=start["origins"],
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": JWK(**start["key"]).export_to_pem(private_key=True, password=None).decode(),
            "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
            "OAUTH2_VALIDATOR_CLASS": "serve_claims.Validator",
            "SCOPES": {"openid": "know who you are", "profile": "know your name", "email": "know your address"},
            "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
            "ID_TOKEN_EXPIRE_SECONDS": 3600,
            "REFRESH_TOKEN_REUSE_PROTECTION": True,
            # The application's origin is one of http.
            "ALLOWED_SCHEMES": ["http", "https"],
            # What version 4.0 will do without being told.
            **{f"COMPLIANT_BCP_RFC9700_{name}": True for name in (
                "IMPLICIT_GRANT", "PASSWORD_GRANT", "PKCE_METHOD", "ACCESS_TOKEN_TRANSPORT", "AUTHZ_RESPONSE_ISS", "TOKEN_STORAGE",
            )},
        },
    )


def seed(start):
    from django.contrib.auth.models import User
    from oauth2_provider.models import Application

    import serve_claims

    for user in start["users"]:
        User.objects.create_user(user["sub"], user["email"], user["password"])
        serve_claims.CLAIMS[user["sub"]] = user["claims"]
    for client in start["clients"]:
        Application.objects.create(
            name=client["client_id"],
            client_id=client["client_id"],
            client_type=Application.CLIENT_PUBLIC,
            authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
            algorithm=client["algorithm"],
            redirect_uris=" ".join(client["redirect_uris"]),
            post_logout_redirect_uris=" ".join(client["post_logout_redirect_uris"]),
            allowed_origins=" ".join(start["origins"]),
            skip_authorization=True,
        )


def set_all(message):
    from oauth2_provider.models import Application

    Application.objects.update(skip_authorization=not message["consent"])


def main():
    start = host.begin()
    configure(start)
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    seed(start)
    host.run(get_wsgi_application(), set_all)


main()

"""Serves one OpenID provider made of idpyoidc, the library: what an operator adds to it is the web server, the pages, CORS.

The views follow those of idpyoidc's own example (example/flask_op). It is told its `issuer`, its `keys`, the `users` and
the `clients`, and which `origins` may read its answers.
"""

import json
import logging
import secrets
import warnings
from pathlib import Path

from cryptojwt import KeyJar
from cryptojwt.jwk.hmac import SYMKey
from idpyoidc.message.oauth2 import ResponseMessage
from idpyoidc.message.oidc import AccessTokenRequest, AuthorizationRequest
from idpyoidc.server import Server
from idpyoidc.server.configure import OPConfiguration
from idpyoidc.server.cookie_handler import CookieHandler
from idpyoidc.server.exception import FailedAuthentication, OnlyForTestingWarning
from idpyoidc.server.oidc.session import Session
from idpyoidc.server.oidc.token import Token
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

import host

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
SECONDS = {"code": 600, "token": 3600, "refresh": 86400, "id_token": 3600}
warnings.filterwarnings("ignore", category=OnlyForTestingWarning)

SCOPES = ["openid", "profile", "email"]
TO_BE_READ = {"/.well-known/openid-configuration", "/jwks", "/token", "/userinfo"}


class EndSession(Session):
    """As it is, idpyoidc 5.0 refuses every logout: it looks for the access token of a client that authenticated itself."""

    def client_authentication(self, request, http_info=None, **kwargs):
        return {}


def configuration(issuer, users):
    endpoint = lambda name, path, **kwargs: {"path": path, "class": f"idpyoidc.server.{name}", "kwargs": kwargs}
    return {
        "issuer": issuer,
        "template_dir": str(TEMPLATES),
        "jwks_uri": f"{issuer}/jwks",
        # Without these its metadata would offer what this provider has not, and would not name the session iframe.
        "preference": {
            "subject_types_supported": ["public"],
            "response_types_supported": ["code"],
            "token_endpoint_auth_methods_supported": ["none"],
            "scopes_supported": SCOPES,
            "check_session_iframe": f"{issuer}/check_session_iframe",
        },
        "add_ons": {
            "pkce": {
                "function": "idpyoidc.server.oauth2.add_on.pkce.add_support",
                "kwargs": {"essential": True, "code_challenge_methods": {"S256": None}},
            },
        },
        "authz": {
            "class": "idpyoidc.server.authz.AuthzHandling",
            "kwargs": {
                "grant_config": {
                    "usage_rules": {
                        "authorization_code": {"supports_minting": ["access_token", "refresh_token", "id_token"], "max_usage": 1},
                        "access_token": {},
                        "refresh_token": {"supports_minting": ["access_token", "refresh_token", "id_token"]},
                    },
                    "expires_in": 43200,
                },
            },
        },
        "authentication": {
            "user": {
                "acr": "urn:oasis:names:tc:SAML:2.0:ac:classes:InternetProtocolPassword",
                "class": "idpyoidc.server.user_authn.user.UserPassJinja2",
                "kwargs": {
                    "verify_endpoint": "/verify/user",
                    "template": "sign-in.html",
                    "db": {"class": dict, "kwargs": {user["email"]: user["password"] for user in users}},
                },
            },
        },
        "endpoint": {
            "provider_info": endpoint("oidc.provider_config.ProviderConfiguration", ".well-known/openid-configuration", client_authn_method=None),
            "authorization": endpoint(
                "oidc.authorization.Authorization", "authorization", client_authn_method=None,
                response_types_supported=["code"], response_modes_supported=["query", "fragment", "form_post"],
            ),
            # For clients without a secret. A refresh token is for one refresh.
            "token": endpoint("oidc.token.Token", "token", client_authn_method=["none", "public"], revoke_refresh_on_issue=True),
            "userinfo": endpoint("oidc.userinfo.UserInfo", "userinfo", client_authn_method=["bearer_header"]),
            "end_session": {
                "path": "session",
                "class": EndSession,
                "kwargs": {"logout_verify_url": f"{issuer}/verify_logout", "post_logout_uri_path": "post_logout", "signing_alg": "RS256"},
            },
        },
        "token_handler_args": {
            "code": {"lifetime": SECONDS["code"]},
            "token": {"class": "idpyoidc.server.token.jwt_token.JWTToken", "kwargs": {"lifetime": SECONDS["token"], "alg": "RS256"}},
            "refresh": {"lifetime": SECONDS["refresh"]},
            "id_token": {"class": "idpyoidc.server.token.id_token.IDToken", "kwargs": {"lifetime": SECONDS["id_token"]}},
        },
        "userinfo": {
            "class": "idpyoidc.server.user_info.UserInfo",
            "kwargs": {"db": {user["email"]: user["claims"] for user in users}},
        },
    }


def at(name):
    """The view of an endpoint of the library."""
    return lambda provider, request: provider.service(name, request)


class Provider:
    def __init__(self, start):
        self.origins = start["origins"]
        keys = KeyJar()
        for owner in ("", start["issuer"]):
            keys.import_jwks({"keys": start["keys"]}, owner)
        cookies = CookieHandler(
            # Encrypted, because a cookie that is only signed has characters that are escaped on the way, and the session iframe compares it.
            sign_key=SYMKey(key=secrets.token_bytes(32)),
            enc_key=SYMKey(key=secrets.token_bytes(32)),
            name={"session": "oidc_op", "register": "oidc_op_rp", "session_management": "sman"},
            flags={"path": "/", "samesite": "Lax"},
        )
        config = OPConfiguration(configuration(start["issuer"], start["users"]), base_path=str(HERE))
        self.server = Server(config, cwd=str(HERE), keyjar=keys, cookie_handler=cookies)
        self.context = self.server.context
        # A person signs in by email and is known by a short name.
        names = {user["email"]: user["sub"] for user in start["users"]}
        self.context.session_manager.sub_func["public"] = lambda uid, **rest: names[uid]
        for client in start["clients"]:
            self.context.cdb[client["client_id"]] = {
                **client,
                "redirect_uris": [(uri, None) for uri in client["redirect_uris"]],
                "post_logout_redirect_uri": [(uri, None) for uri in client["post_logout_redirect_uris"]],
            }

    # ---- answers

    def __call__(self, environ, start_response):
        request = Request(environ)
        view = self.VIEWS.get(request.path)
        if request.method == "OPTIONS":
            response = Response(status=204)
        else:
            response = view(self, request) if view else Response(status=404)
        origin = request.headers.get("origin")
        if request.path in TO_BE_READ and origin in self.origins:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Allow-Headers"] = "Authorization"
            response.vary.add("Origin")
        return response(environ, start_response)

    def page(self, name, **values):
        return Response(self.context.template_handler.render(name, **values), mimetype="text/html")

    def with_cookies(self, response, cookies):
        for cookie in cookies:
            expires = {"max_age": 0} if "expires" in cookie else {}
            # A script of the session iframe reads the one of session management.
            readable = cookie["name"] == "sman"
            response.set_cookie(cookie["name"], cookie["value"], path="/", samesite="Lax", httponly=not readable, **expires)
        return response

    def answer(self, endpoint, request, **args):
        info = endpoint.do_response(request=request, **args)
        if info.get("response_placement", endpoint.response_placement) == "body":
            response = Response(info["response"], info.get("response_code", 400 if "error" in args else 200))
        else:
            response = redirect(info["response"], 303)
        for name, value in info["http_headers"]:
            response.headers[name] = value
        cookies = info.get("cookie", [])
        # At the token endpoint it renews the cookie of the session, which a browser without credentials neither sends nor takes.
        return self.with_cookies(response, cookies if isinstance(cookies, list) else [cookies])

    def refuse(self, error, description, status=400):
        return Response(json.dumps({"error": error, "error_description": description}), status, mimetype="application/json")

    def service(self, name, request):
        endpoint = self.server.get_endpoint(name)
        info = {
            "headers": {key.lower(): value for key, value in request.headers.items() if key.lower() not in ("cookie", "user-agent")},
            "method": request.method,
            "url": request.url,
            "cookie": [{"name": key, "value": value} for key, value in request.cookies.items()],
        }
        try:
            parsed = endpoint.parse_request((request.args if request.method == "GET" else request.form).to_dict(), http_info=info)
            if isinstance(parsed, ResponseMessage) and "error" in parsed:
                return Response(parsed.to_json(), 400, mimetype="application/json")
            if isinstance(endpoint, Token):
                # Without `issue_refresh` only the scope `offline_access` brings a refresh token, which it takes with prompt=consent alone.
                args = endpoint.process_request(AccessTokenRequest(**parsed), http_info=info, issue_refresh=True)
            else:
                args = endpoint.process_request(parsed, http_info=info)
        except Exception as error:  # as the example does
            return self.refuse("invalid_request", str(error))
        if "redirect_location" in args:
            return redirect(args["redirect_location"])
        if "http_response" in args:
            return Response(args["http_response"], mimetype="text/html")
        return self.answer(endpoint, parsed, **args)

    # ---- views

    def keys(self, request):
        return Response(json.dumps(self.server.keyjar.export_jwks()), mimetype="application/json")

    def verify_user(self, request):
        method = self.context.authn_broker.get_method_by_id("user")
        form = request.form.to_dict()
        try:
            user = method.verify(**form)
        except FailedAuthentication:
            return Response("wrong name or password", 403)
        about = method.unpack_token(form["token"])
        asked = AuthorizationRequest().from_urlencoded(about["query"])
        endpoint = self.server.get_endpoint("authorization")
        session = endpoint.create_session(asked, user, about["authn_class_ref"], about["iat"], method)
        args = endpoint.authz_part2(request=asked, session_id=session)
        if isinstance(args, ResponseMessage) and "error" in args:
            return Response(args.to_json(), 400, mimetype="application/json")
        return self.answer(endpoint, asked, **args)

    def verify_logout(self, request):
        return self.page("sign-out.html", sjwt=request.args["sjwt"])

    def log_out(self, request):
        """Ends the sessions at all clients, and has the browser tell those that have a front-channel logout."""
        endpoint = self.server.get_endpoint("session")
        info = endpoint.unpack_signed_jwt(request.form["sjwt"])
        frames = list(endpoint.do_verified_logout(alla=True, **info))
        response = self.page("frames.html", frames=frames, to=info["redirect_uri"]) if frames else redirect(info["redirect_uri"], 303)
        return self.with_cookies(response, endpoint.kill_cookies())

    def post_logout(self, request):
        return Response("signed out")

    def session_iframe(self, request):
        """The provider's half of OpenID Connect Session Management 1.0."""
        return self.page("session-iframe.html")

    VIEWS = {
        "/.well-known/openid-configuration": at("provider_config"),
        "/jwks": keys,
        "/authorization": at("authorization"),
        "/token": at("token"),
        "/userinfo": at("userinfo"),
        "/session": at("session"),
        "/verify/user": verify_user,
        "/verify_logout": verify_logout,
        "/log_out": log_out,
        "/post_logout": post_logout,
        "/check_session_iframe": session_iframe,
    }


def main():
    # Each request that is refused is an error otherwise.
    logging.getLogger("idpyoidc").setLevel(logging.CRITICAL)
    provider = Provider(host.begin())
    host.run(provider, lambda message: None)


main()

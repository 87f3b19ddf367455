"""Serves one Canaille, with a database that exists in memory only. It is told Canaille's own settings (`config`), the `users` and the `clients`
to begin with.
"""

import datetime
import logging
import time

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from canaille.backends.sql.backend import Base
from canaille.oidc import provider

import host


def no_two_in_a_second(generate):
    """Canaille's access tokens differ by their dates alone: the second one of a second would be the same, and a failure."""
    latest = 0

    def generate_in_time(**named):
        nonlocal latest
        while latest == int(time.time()):
            time.sleep(0.01)
        token = generate(**named)
        latest = int(time.time())
        return token

    return generate_in_time


def seed(users, clients):
    for user in users:
        Backend.instance.save(models.User(**user))
    for metadata in clients:
        client = models.Client(client_id_issued_at=datetime.datetime.now(datetime.timezone.utc), **metadata)
        Backend.instance.save(client)
        # As where a client is registered: its tokens are for a list of audiences, which begins with the client itself.
        client.audience = [client]
        Backend.instance.save(client)


def set_consent(app, asked):
    """Nobody is asked about a client of a trusted domain, nor twice about the same."""
    app.config["CANAILLE_OIDC"]["TRUSTED_DOMAINS"] = [] if asked else ["localhost"]
    for consent in Backend.instance.query(models.Consent):
        Backend.instance.delete(consent)


def set_public_revocation(_app, allowed):
    """Canaille leaves Authlib's default, by which a client needs a secret to revoke its own tokens."""
    provider.RevocationEndpoint.CLIENT_AUTH_METHODS = ["none" if allowed else "client_secret_basic"]


SETTERS = {"consent": set_consent, "publicRevocation": set_public_revocation}


def main():
    start = host.begin()
    provider.generate_access_token = no_two_in_a_second(provider.generate_access_token)
    app = create_app(config={**start["config"], "CANAILLE_SQL": {"DATABASE_URI": "sqlite://", "AUTO_MIGRATE": False}})
    app.logger.setLevel(logging.ERROR)
    # Nothing is there that would have to be migrated.
    Base.metadata.create_all(Backend.instance.engine)
    with app.app_context(), Backend.instance.session():
        seed(start["users"], start["clients"])

    def set_all(message):
        with app.app_context(), Backend.instance.session():
            for name, value in message.items():
                SETTERS[name](app, value)

    host.run(app, set_all)


main()

"""Serves one Canaille to the process that started this one, with a database that exists in memory only.

The first line of the standard input is JSON: Canaille's own settings (`config`), the `users` and the `clients` to begin
with. The first line of the output is the port. Each further line of the input sets something of the running server and
is answered by an empty line. When the input ends, so does the server: no test leaves one behind.
"""

import datetime
import json
import logging
import queue
import sys
import threading
import time

from werkzeug.serving import WSGIRequestHandler, make_server

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from canaille.backends.sql.backend import Base
from canaille.oidc import provider


class Quiet(WSGIRequestHandler):
    """Whoever stands in front records the requests."""

    def log_request(self, *args):
        pass


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
    start = json.loads(sys.stdin.readline())
    provider.generate_access_token = no_two_in_a_second(provider.generate_access_token)
    # A database in memory is its connection's own, and the connection its thread's: everything happens in this one.
    app = create_app(config={**start["config"], "CANAILLE_SQL": {"DATABASE_URI": "sqlite://", "AUTO_MIGRATE": False}})
    app.logger.setLevel(logging.ERROR)
    # Nothing is there that would have to be migrated.
    Base.metadata.create_all(Backend.instance.engine)
    with app.app_context(), Backend.instance.session():
        seed(start["users"], start["clients"])
    server = make_server("127.0.0.1", 0, app, threaded=False, request_handler=Quiet)

    messages = queue.SimpleQueue()

    def listen():
        for line in sys.stdin:
            messages.put(json.loads(line))
        server.shutdown()

    def answer():
        while not messages.empty():
            with app.app_context(), Backend.instance.session():
                for name, value in messages.get().items():
                    SETTERS[name](app, value)
            print(flush=True)

    # Between requests, each time that the server looks for one.
    server.service_actions = answer
    threading.Thread(target=listen, daemon=True).start()
    print(server.server_port, flush=True)
    server.serve_forever(poll_interval=0.02)


main()

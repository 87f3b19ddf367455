"""Serves one WSGI application to the process that started this one.

The first line of the standard input is JSON, and `begin` gives it. The first line of the output is the port. Each further
line of the input is JSON and goes to `set_all`; an empty line answers it. When the input ends, so does the server: no test
leaves one behind.
"""

import json
import queue
import sys
import threading
from socketserver import TCPServer
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer


class Server(WSGIServer):
    def server_bind(self):
        # Without the question for the name of this machine, which takes seconds where no name server answers.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "localhost", self.server_address[1]
        self.setup_environ()


class Quiet(WSGIRequestHandler):
    """The proxy in front records the requests."""

    def log_message(self, *args):
        pass


def begin():
    return json.loads(sys.stdin.readline())


def run(application, set_all):
    """Everything happens in this thread: a database in memory is its connection's own, and the connection its thread's."""
    server = Server(("127.0.0.1", 0), Quiet)
    server.set_app(application)
    # What a page broke off is no news.
    server.handle_error = lambda *args: None
    messages = queue.SimpleQueue()

    def listen():
        for line in sys.stdin:
            messages.put(json.loads(line))
        server.shutdown()

    def answer():
        while not messages.empty():
            set_all(messages.get())
            print(flush=True)

    # Between requests, each time that the server looks for one.
    server.service_actions = answer
    threading.Thread(target=listen, daemon=True).start()
    print(server.server_port, flush=True)
    server.serve_forever(poll_interval=0.02)

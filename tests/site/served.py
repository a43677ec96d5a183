"""What the tests of the site share: the real process on a free port, asked over HTTP."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager

STARTED = 60  # seconds, on a busy machine
SAID = re.compile(r"http://\S+/")


class Served:
    """A running ``plancli serve``: its process, its address, what it said on starting."""

    def __init__(self, process, said):
        self.process, self.said = process, said
        self.address = SAID.search(said)[0]
        self.port = urllib.parse.urlsplit(self.address).port

    def ask(self, path, headers=None, method="GET", **params):
        """Return status and text of a page."""
        query = "?" + urllib.parse.urlencode(params) if params else ""
        request = urllib.request.Request(
            self.address + path + query, headers=headers or {}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def page(self, path, **params):
        status, said = self.ask(path, **params)
        assert status == 200, said
        return said

    def rows(self, question, **params):
        """Return the rows of a question, each as heading -> cell."""
        return json.loads(self.page(f"plan/{question}.json", _shape="array", **params))

    def stop(self, by=signal.SIGINT):
        """Stop it; return the exit code and what else it said."""
        self.process.send_signal(by)
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err


def started(cache, *argv, lines=1, cwd=None, **env):
    """Start ``plancli serve`` on a free port; the last of *argv* win."""
    env = {**os.environ, "PLANCLI_CACHE": str(cache), "PLANCLI_LANG": "en", **env}
    env.pop("PLANCLI_PLAN", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "plancli", "serve", "--port", "0", *map(str, argv)],
        env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=cwd,
    )  # fmt: skip
    patience = threading.Timer(STARTED, process.kill)
    patience.start()
    said = "".join(process.stderr.readline() for _line in range(lines))
    patience.cancel()
    if not SAID.search(said):
        process.kill()
        raise AssertionError(said + process.communicate()[1])
    return Served(process, said)


@contextmanager
def serving(cache, *argv, **more):
    """Give a running site; it must end quietly."""
    site = started(cache, *argv, **more)
    try:
        yield site
    finally:
        assert site.stop() == (130, "", "")

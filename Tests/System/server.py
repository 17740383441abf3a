"""Starts, stops and kills `claviger serve` processes."""
import os
import pathlib
import re
import selectors
import signal
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
START_SECONDS = 30
STOP_SECONDS = 10


def binary() -> str:
    named = os.environ.get("CLAVIGER_BINARY")
    candidates = [pathlib.Path(named)] if named else [ROOT / ".build/release/claviger", ROOT / ".build/debug/claviger"]
    for candidate in candidates:
        if candidate.exists():
            return str(candidate.resolve())
    raise RuntimeError("there is no claviger binary; build it or set CLAVIGER_BINARY")


def environment(home, extra=None):
    """The tests' own environment without settings of Claviger and without proxies."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith("CLAVIGER_") and not name.lower().endswith("_proxy")}
    return {**kept, "HOME": str(home), **(extra or {})}


class Server:
    """One process on a data directory. Port 0 lets the system choose, so that tests never race for one."""

    def __init__(self, data, *arguments, env=None, host="127.0.0.1", port=0):
        self.data = pathlib.Path(data)
        self.log_path = self.data.parent / (self.data.name + ".log")
        self.arguments = [binary(), "serve", "--data", str(self.data), "--listen", f"{host}:{port}", *map(str, arguments)]
        self.env = environment(self.data.parent, env)
        self.process = None
        self.banner = ""
        self.url = ""

    def spawn(self):
        """Starts the process without waiting for it."""
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(self.arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
                                            env=self.env)
        return self

    def start(self):
        """Starts the process and waits for the line with which it says where it serves."""
        self.spawn()
        deadline = time.monotonic() + START_SECONDS
        text = b""
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while not (found := re.search(rb"(https?://\S+?:\d+)[,\s]", text)):
                assert selector.select(deadline - time.monotonic()), f"no sign of life in {START_SECONDS} s: {self.log()}"
                part = os.read(self.process.stdout.fileno(), 4096)
                assert part, f"the server ended with status {self.process.wait()}: {self.log()}"
                text += part
        self.banner = text.decode()
        self.url = found[1].decode()
        return self

    @property
    def port(self):
        return int(self.url.rsplit(":", 1)[1])

    @property
    def address(self):
        return ("127.0.0.1", self.port)

    @property
    def pid(self):
        return self.process.pid

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    @property
    def credentials(self):
        lines = (self.data / "credentials.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))

    def log(self):
        return self.log_path.read_text(errors="replace")

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        """Ends the process in order; returns its exit status."""
        if self.is_running:
            self.signal(signal.SIGTERM)
        return self.wait()

    def wait(self):
        status = self.process.wait(STOP_SECONDS)
        self.process.stdout.close()
        return status

    def kill(self):
        if self.process is None:
            return
        if self.is_running:
            self.signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def refused(self):
        """Runs a server that cannot start; returns its exit status and what it said."""
        done = subprocess.run(self.arguments, stdin=subprocess.DEVNULL, capture_output=True, env=self.env, timeout=START_SECONDS)
        return done.returncode, (done.stdout + done.stderr).decode()


def run(*arguments, home="/nonexistent", env=None):
    """Runs another command of the binary."""
    done = subprocess.run([binary(), *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True,
                          env=environment(home, env), timeout=60)
    return done.returncode, done.stdout.decode(), done.stderr.decode()

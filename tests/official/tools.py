"""Running commands, installing them, and keeping servers while a test needs them."""

import os
import re
import socket
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# What a script ends with where what it needs cannot be had.
UNREACHABLE = 3

NETWORK = r"connection|timed out|unreachable|name resolution|from versions: none|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT"


def run(command, **more):
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return subprocess.run(command, text=True, check=False, timeout=300, **pipes, **more)


def environment():
    """The environment without what would change where the clients go."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    for name in ("ODM_HOST", "ODM_API_TOKEN", "ODM_ACCESS_TOKEN"):
        kept.pop(name, None)
    return kept


def install(folder, package, command):
    """Installs a package from PyPI; gives the folder of its commands, or nothing where PyPI cannot be reached."""
    commands = folder / ("Scripts" if os.name == "nt" else "bin")
    if not (commands / command).exists():
        if not (commands / "python").exists():
            venv.create(folder, with_pip=True)
        pip = [commands / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if not got(run([*pip, package])):
            return None
    name = package.partition("[")[0]
    version = run([commands / "python", "-m", "pip", "show", name]).stdout
    print(f"{name} {re.search(r'^Version: (.*)$', version, re.MULTILINE)[1]}", flush=True)
    return commands


def install_from_npm(folder, package):
    """The same from npm; nothing where there is no npm, too."""
    commands = folder / "node_modules" / ".bin"
    if not commands.exists():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            done = run(["npm", "install", "--no-audit", "--no-fund", "--prefix", folder, package])
        except FileNotFoundError:
            print("there is no npm", file=sys.stderr)
            return None
        if not got(done):
            return None
    version = re.search(r'"version": "(.*)"', (folder / "node_modules" / package / "package.json").read_text(encoding="utf-8"))
    print(f"{package} {version[1]}", flush=True)
    return commands


def got(done):
    """Whether an installer came to its end; what it could not do but for the network is an error."""
    if done.returncode == 0:
        return True
    print(done.stdout, file=sys.stderr)
    if re.search(NETWORK, done.stdout, re.IGNORECASE):
        return False
    raise SystemExit(2)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Process:
    """A server as a process of its own. It is ended with the test."""

    def __init__(self, command, **more):
        streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **more}
        self.process = subprocess.Popen([str(word) for word in command], **streams)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    def wait_for(self, answers):
        """Waits until something that is tried is no longer refused."""
        for _ in range(300):
            if self.process.poll() is not None:
                break
            try:
                return answers()
            except OSError:
                time.sleep(0.1)
        self.__exit__()
        raise SystemExit(f"{self.process.args[0]} did not start")

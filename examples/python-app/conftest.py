"""Starts recall-emulator once for all tests. Standard library only, beside pytest."""

import json
import os
import shlex
import signal
import subprocess
import threading

import pytest

# RECALL_EMULATOR names another command, such as node_modules/.bin/recall-emulator.
COMMAND = shlex.split(os.environ.get("RECALL_EMULATOR", "npx recall-emulator"))
OPTIONS = ["serve", "--port", "0", "--speed", "max", "--seed", "1", "--json"]


@pytest.fixture(scope="session")
def recall_url():
    """The URL that stands in for https://us-west-2.recall.ai."""
    # A process group of its own: npx starts the command in another process.
    server = subprocess.Popen([*COMMAND, *OPTIONS], stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        # The first line says where it listens. It is empty when the command has ended: its reason is on stderr.
        line = server.stdout.readline()
        if not line:
            pytest.fail(f"recall-emulator has ended with code {server.wait()}")
        # More lines come, one for each thing that happens. A pipe that nobody reads would stop the server.
        threading.Thread(target=server.stdout.read, daemon=True).start()
        yield json.loads(line)["url"]
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


@pytest.fixture
def recall(recall_url, monkeypatch):
    """The app under test calls the emulator."""
    monkeypatch.setenv("RECALL_API_BASE_URL", recall_url)
    monkeypatch.setenv("RECALL_API_KEY", "test")
    return recall_url

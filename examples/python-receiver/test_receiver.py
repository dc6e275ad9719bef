"""The receiver against real meetings (`check`), and one message at a time. Wants pytest and recall-emulator."""

import json
import os
import shlex
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import receiver

COMMAND = shlex.split(os.environ.get("RECALL_EMULATOR", "npx recall-emulator"))
HERE = Path(__file__).parent


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_is_a_right_receiver(tmp_path):
    """Plays what happens on real calls, and compares what the receiver kept. The output names what is wrong, and why."""
    port = free_port()
    check = [*COMMAND, "check", f"ws://127.0.0.1:{port}/", "--quick", "--connections", "per-participant"]
    files = ["--files", f"{tmp_path}/{{recording_id}}/{{id}}.wav"]
    server = [sys.executable, str(HERE / "receiver.py"), "--port", str(port), "--out", str(tmp_path)]
    result = subprocess.run([*check, *files, "--", *server], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture(scope="session")
def message():
    """A message by the name of its event, as `trigger --print` makes it."""

    def printed(event, *options):
        command = [*COMMAND, "trigger", event, "--print", *options]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    return printed


def test_reads_audio(message):
    audio = receiver.read_audio(message("audio_separate_raw.data"))
    assert audio.participant_id == 100
    assert len(audio.pcm) > 0


def test_takes_participants_without_a_name(message):
    text = message("audio_separate_raw.data", "--override", "data.data.participant.name=null")
    assert receiver.read_audio(text).name is None


def test_leaves_other_events_alone(message):
    assert receiver.read_audio(message("transcript.data")) is None


def test_refuses_audio_that_ends_within_a_sample(message):
    event = json.loads(message("audio_separate_raw.data"))
    event["data"]["data"]["buffer"] = "AAAA"  # three bytes
    with pytest.raises(receiver.UnusableMessage, match="within a sample"):
        receiver.read_audio(json.dumps(event))

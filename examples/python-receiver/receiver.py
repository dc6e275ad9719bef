"""A right receiver of Recall.ai's separate real-time audio: one WAV per participant, mono, 16 bits, 16 kHz, in which
everything stands where its timestamp says. Needs Debian's python3-websockets (or `pip install websockets`).

    python3 receiver.py --port 4000 --out recordings     writes recordings/{recording_id}/{participant_id}.wav

It remembers nothing between two messages: each says whose audio it is and where it belongs, and goes straight into its file.
So it does not matter over how many connections audio comes, in which order, how often, or which connection is lost.
"""

import argparse
import asyncio
import base64
import binascii
import json
import os
import re
import signal
import struct
import sys
from pathlib import Path
from typing import NamedTuple, Optional

import websockets

SAMPLE_RATE = 16_000
BYTES_PER_SAMPLE = 2
HEADER_BYTES = 44
# Positions beyond this are a mistake, not a meeting.
MAX_SECONDS = 12 * 3_600
# A second of audio is 43 kB: anything near this is a mistake, too.
MAX_MESSAGE_BYTES = 16 * 1024 * 1024
MAX_ID = 2**53 - 1
# Proxies close connections that are silent, and in a meeting where all are muted nothing comes.
PING_EVERY_SECONDS = 30
# After SIGTERM, for what is still on its way.
MAX_END_SECONDS = 2


class UnusableMessage(Exception):
    """A message that cannot be used. Its text is ours, never the sender's."""


class Audio(NamedTuple):
    recording_id: str
    participant_id: int
    name: Optional[str]
    start_sample: int
    pcm: bytes


def read_audio(text: str) -> Optional[Audio]:
    """The audio of a message; None for every other event. Raises UnusableMessage."""
    try:
        message = json.loads(text)
        # Also events that nobody knows yet.
        if message["event"] != "audio_separate_raw.data":
            return None
        media = message["data"]["data"]
        participant = media["participant"]
        return Audio(
            recording_id=checked_recording_id(message["data"]["recording"]["id"]),
            participant_id=checked_participant_id(participant["id"]),
            name=participant.get("name"),
            start_sample=checked_position(media["timestamp"]["relative"]),
            pcm=checked_pcm(media["buffer"]),
        )
    # Nested too deep is a RecursionError.
    except (ValueError, RecursionError):
        raise UnusableMessage("it is not JSON") from None
    except (AttributeError, KeyError, IndexError, TypeError):
        raise UnusableMessage("a field is missing, or is something else") from None


def checked_recording_id(recording_id) -> str:
    # It becomes the name of a folder.
    if not isinstance(recording_id, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", recording_id):
        raise UnusableMessage("its recording has no id that can be used")
    return recording_id


def checked_participant_id(participant_id) -> int:
    # Names tell nobody apart: they may be equal, change, or be null. True is an int in Python.
    if type(participant_id) is not int or not 0 <= participant_id <= MAX_ID:
        raise UnusableMessage("its participant has no id that can be used")
    return participant_id


def checked_position(seconds) -> int:
    # Also not for NaN, which Python takes for JSON.
    if type(seconds) not in (int, float) or not 0 <= seconds < MAX_SECONDS:
        raise UnusableMessage("its timestamp is no time of a meeting")
    return round(seconds * SAMPLE_RATE)


def checked_pcm(text) -> bytes:
    """S16LE, of any length."""
    try:
        pcm = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise UnusableMessage("its buffer is not base64") from None
    if len(pcm) % BYTES_PER_SAMPLE != 0:
        raise UnusableMessage("its buffer ends within a sample")
    return pcm


def write_audio(path: Path, start_sample: int, pcm: bytes) -> None:
    """Puts audio at its position. What lies before it and was never written is read as zeros: the silence of a mute. The
    file is complete after each message."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # No mode of open() means "for writing, as it is, made if it is not there".
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        os.pwrite(file, pcm, HEADER_BYTES + start_sample * BYTES_PER_SAMPLE)
        os.pwrite(file, wav_header(os.fstat(file).st_size - HEADER_BYTES), 0)
    finally:
        os.close(file)


def wav_header(data_bytes: int) -> bytes:
    return struct.pack(
        "<4sI8sIHHIIHH4sI",
        b"RIFF",
        HEADER_BYTES - 8 + data_bytes,
        b"WAVEfmt ",
        16,
        1,  # PCM
        1,  # mono
        SAMPLE_RATE,
        SAMPLE_RATE * BYTES_PER_SAMPLE,
        BYTES_PER_SAMPLE,
        8 * BYTES_PER_SAMPLE,
        b"data",
        data_bytes,
    )


class Receiver:
    """The receiver, for websockets.serve."""

    def __init__(self, out: Path) -> None:
        self.out = out

    async def on_connection(self, connection, *_path) -> None:
        try:
            async for message in connection:
                # Binary messages are not Recall's.
                if isinstance(message, str):
                    self.on_message(connection, message)
        except websockets.ConnectionClosed:
            pass  # Lost: it comes back over another connection.
        finally:
            # A close ends a connection and nothing else: its participant may come back, and others are still there.
            self.on_close(connection)

    def on_message(self, connection, text: str) -> None:
        """Whatever comes, the connection stays: the next message may be a good one."""
        try:
            audio = read_audio(text)
            if audio is not None:
                self.on_audio(audio, connection)
        except UnusableMessage as error:
            print(f"skipped a message: {error}", file=sys.stderr)
        except OSError as error:  # Such as a disk that is full.
            print(f"could not keep audio: {error.strerror}", file=sys.stderr)

    def on_audio(self, audio: Audio, _connection) -> None:
        write_audio(self.file_of(audio), audio.start_sample, audio.pcm)

    def file_of(self, audio: Audio) -> Path:
        return self.out / audio.recording_id / f"{audio.participant_id}.wav"

    def on_close(self, _connection) -> None:
        pass


async def run(receiver: Receiver, port: int) -> None:
    ended = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, ended.set)
    # At its end it closes the connections, and waits until what has come is written.
    async with websockets.serve(
        receiver.on_connection,
        "127.0.0.1",
        port,
        max_size=MAX_MESSAGE_BYTES,
        ping_interval=PING_EVERY_SECONDS,
        close_timeout=MAX_END_SECONDS,
    ) as server:
        print(f"listening on ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/", flush=True)
        await ended.wait()


def serve(receiver: Receiver, port: int) -> None:
    try:
        asyncio.run(run(receiver, port))
    except OSError as error:
        sys.exit(f"cannot listen on port {port}: {error.strerror}")


def argument_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Writes one WAV per participant.")
    parser.add_argument("--port", type=int, default=4000)
    parser.add_argument("--out", type=Path, required=True)
    return parser


if __name__ == "__main__":
    options = argument_parser().parse_args()
    serve(Receiver(options.out), options.port)

"""Receives Recall.ai's separate real-time audio and writes one WAV per participant.

Needs Debian's python3-websockets (or `pip install websockets`). Usage: receiver.py FOLDER [PORT]. Prints its URL; Ctrl-C
ends it and completes the files.
"""

import asyncio
import base64
import json
import signal
import sys
import wave
from pathlib import Path

import websockets

SAMPLE_RATE = 16_000
BYTES_PER_SAMPLE = 2

# (recording id, participant id) -> S16LE bytes from the start of the recording on. Never by socket and never by name: a
# participant may come over several connections, and several may come over one.
tracks: dict[tuple[str, int], bytearray] = {}


def take(text: str) -> None:
    """Puts the audio of one message where its timestamp says."""
    message = json.loads(text)
    if message["event"] != "audio_separate_raw.data":
        return
    data = message["data"]["data"]
    pcm = base64.b64decode(data["buffer"], validate=True)
    start = round(data["timestamp"]["relative"] * SAMPLE_RATE) * BYTES_PER_SAMPLE
    track = tracks.setdefault((message["data"]["recording"]["id"], data["participant"]["id"]), bytearray())
    # Nothing is sent while somebody is muted: what is missing up to here is silence.
    track.extend(bytes(max(0, start - len(track))))
    track[start : start + len(pcm)] = pcm


async def on_connection(connection, *_path) -> None:
    try:
        async for text in connection:
            try:
                take(text)
            except (KeyError, TypeError, ValueError) as error:
                print(f"a message that cannot be used: {error!r}", file=sys.stderr)
    except websockets.ConnectionClosed:
        pass  # Lost: it comes back over another connection.


def write(folder: Path) -> None:
    for (recording, participant), track in tracks.items():
        path = folder / f"recording-{recording}" / f"participant-{participant}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(BYTES_PER_SAMPLE)
            file.setframerate(SAMPLE_RATE)
            file.writeframes(bytes(track))
        print(f"wrote {path}")


async def main(folder: Path, port: int) -> None:
    ended = asyncio.get_running_loop().create_future()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, lambda: ended.done() or ended.set_result(None))
    async with websockets.serve(on_connection, "127.0.0.1", port) as server:
        port = server.sockets[0].getsockname()[1]
        print(f"receiving at ws://127.0.0.1:{port}", flush=True)
        await ended
    write(folder)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 4000))

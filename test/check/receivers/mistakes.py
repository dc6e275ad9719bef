"""The typical mistakes of real receivers, each as a change of the right one: `receiver.py --mistake NAME`."""

import ctypes
import json
import sys
import time
from pathlib import Path

from receiver import Audio, BYTES_PER_SAMPLE, Receiver, write_audio

FRAME_BYTES = 3_200


class Appending(Receiver):
    """Knows how long each file is, in samples: the base of receivers that append."""

    def __init__(self, out: Path) -> None:
        super().__init__(out)
        self.ends: dict[Path, int] = {}

    def put(self, file: Path, start_sample: int, pcm: bytes) -> None:
        write_audio(file, start_sample, pcm)
        self.ends[file] = max(self.ends.get(file, 0), start_sample + len(pcm) // BYTES_PER_SAMPLE)


class KeyedByName(Receiver):
    """People of one name, or without one, share the file of the first of them."""

    def __init__(self, out: Path) -> None:
        super().__init__(out)
        self.firsts: dict[tuple, Path] = {}

    def file_of(self, audio: Audio) -> Path:
        return self.firsts.setdefault((audio.recording_id, audio.name), super().file_of(audio))


class ClosesAll(Receiver):
    """A close finishes the files of everybody, not of its own participant."""

    def __init__(self, out: Path) -> None:
        super().__init__(out)
        self.open: set[Path] = set()
        self.finished: set[Path] = set()

    def on_audio(self, audio: Audio, connection) -> None:
        file = self.file_of(audio)
        if file not in self.finished:
            self.open.add(file)
            super().on_audio(audio, connection)

    def on_close(self, _connection) -> None:
        self.finished |= self.open
        self.open.clear()


class IgnoresGaps(Appending):
    """The silence before somebody's first word is restored, that of mutes is not: what comes is put at the end."""

    def on_audio(self, audio: Audio, _connection) -> None:
        file = self.file_of(audio)
        self.put(file, self.ends.get(file, audio.start_sample), audio.pcm)


class Assumes100Ms(Appending):
    """Every frame is 3,200 bytes: longer ones are cut, shorter ones padded."""

    def on_audio(self, audio: Audio, _connection) -> None:
        file = self.file_of(audio)
        frame = audio.pcm[:FRAME_BYTES].ljust(FRAME_BYTES, b"\0")
        self.put(file, max(self.ends.get(file, 0), audio.start_sample), frame)


class IdsAsStrings(Receiver):
    """Files are looked up by the id as text and kept by the id as a number: each connection begins them anew."""

    def __init__(self, out: Path) -> None:
        super().__init__(out)
        self.files: dict = {}
        self.begun: set[tuple] = set()

    def on_audio(self, audio: Audio, connection) -> None:
        if (connection, audio.participant_id) not in self.begun:
            self.begun.add((connection, audio.participant_id))
            if str(audio.participant_id) not in self.files:
                self.file_of(audio).unlink(missing_ok=True)
                self.files[audio.participant_id] = self.file_of(audio)
        super().on_audio(audio, connection)


class IdsIn32Bits(Receiver):
    """Ids above 2^31 become negative, or somebody else's."""

    def file_of(self, audio: Audio) -> Path:
        return super().file_of(audio._replace(participant_id=ctypes.c_int32(audio.participant_id).value))


class NullNames(Receiver):
    """Fails at a name that is null, and its connection with it."""

    def on_message(self, connection, text: str) -> None:
        participant = participant_of(text)
        if participant is not None:
            participant["name"].strip()
        super().on_message(connection, text)


class Blocks(Receiver):
    """From the tenth message on it works half of the time, where everybody waits."""

    def __init__(self, out: Path) -> None:
        super().__init__(out)
        self.messages = 0
        self.free_until = 0.0

    def on_audio(self, audio: Audio, connection) -> None:
        super().on_audio(audio, connection)
        self.messages += 1
        if self.messages >= 10 and time.monotonic() >= self.free_until:
            time.sleep(0.6)
            self.free_until = time.monotonic() + 0.6


class Grows(Receiver):
    """Keeps every message for ever, as text and as audio."""

    def __init__(self, out: Path) -> None:
        super().__init__(out)
        self.kept: list = []

    def on_message(self, connection, text: str) -> None:
        self.kept.append((text, text.encode()))
        super().on_message(connection, text)


class TruncatesOnReconnect(Receiver):
    """Each connection begins its participants' files anew."""

    def __init__(self, out: Path) -> None:
        super().__init__(out)
        self.begun: set[tuple] = set()

    def on_audio(self, audio: Audio, connection) -> None:
        if (connection, audio.participant_id) not in self.begun:
            self.begun.add((connection, audio.participant_id))
            self.file_of(audio).unlink(missing_ok=True)
        super().on_audio(audio, connection)


class CrashOnUnknownEvent(Receiver):
    """Fails at an event that it does not know, and its connection with it."""

    def on_message(self, connection, text: str) -> None:
        if parsed(text).get("event", "audio_separate_raw.data") != "audio_separate_raw.data":
            raise NotImplementedError("unknown event")
        super().on_message(connection, text)


class CrashOnBadJson(Receiver):
    """Fails at what is not JSON, and its connection with it."""

    def on_message(self, connection, text: str) -> None:
        json.loads(text)
        super().on_message(connection, text)


class DropsQuietAudio(Receiver):
    """Takes whoever is unmuted and silent for noise: the silence of a file is that of a mute."""

    def on_audio(self, audio: Audio, connection) -> None:
        samples = memoryview(audio.pcm).cast("h")
        if any(abs(sample) > 64 for sample in samples):
            super().on_audio(audio, connection)


def parsed(text: str) -> dict:
    """A message, or an empty one."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


def participant_of(text: str):
    try:
        return parsed(text)["data"]["data"]["participant"]
    except (KeyError, TypeError):
        return None


MISTAKES = {
    "keyed_by_name": KeyedByName,
    "closes_all": ClosesAll,
    "ignores_gaps": IgnoresGaps,
    "assumes_100ms": Assumes100Ms,
    "ids_as_strings": IdsAsStrings,
    "null_names": NullNames,
    "blocks": Blocks,
    "grows": Grows,
    "ids_in_32_bits": IdsIn32Bits,
    "truncates_on_reconnect": TruncatesOnReconnect,
    "crash_on_unknown_event": CrashOnUnknownEvent,
    "crash_on_bad_json": CrashOnBadJson,
    "drops_quiet_audio": DropsQuietAudio,
}


def flawed(name: str, out: Path) -> Receiver:
    """A receiver with this mistake. Exits when there is none of the name."""
    if name not in MISTAKES:
        print(f"Unknown mistake. There are: {', '.join(MISTAKES)}", file=sys.stderr)
        sys.exit(2)
    return MISTAKES[name](out)

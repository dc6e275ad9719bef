"""An app that sends a bot to a meeting and says who was there. Standard library only."""

import json
import os
import time
import urllib.request


def call(method, path, body=None):
    """Calls Recall's API. Raises urllib.error.HTTPError."""
    base = os.environ.get("RECALL_API_BASE_URL", "https://us-west-2.recall.ai")
    request = urllib.request.Request(
        f"{base}/api/v1/{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": f"Token {os.environ['RECALL_API_KEY']}",
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def send_bot(meeting_url, audio_url):
    """Sends a bot that streams each participant's audio to `audio_url`. Returns its id."""
    endpoint = {"type": "websocket", "url": audio_url, "events": ["audio_separate_raw.data"]}
    config = {"audio_separate_raw": {}, "participant_events": {}, "realtime_endpoints": [endpoint]}
    return call("POST", "bot/", {"meeting_url": meeting_url, "recording_config": config})["id"]


def participants(bot_id, ask_every_seconds=2):
    """Waits until the bot is done, and returns the names of those who were there."""
    while True:
        bot = call("GET", f"bot/{bot_id}/")
        status = bot["status_changes"][-1]["code"] if bot["status_changes"] else None
        if status == "fatal":
            raise RuntimeError("the bot could not record the meeting")
        if status == "done":
            break
        time.sleep(ask_every_seconds)
    media = bot["recordings"][0]["media_shortcuts"]["participant_events"]["data"]
    # A download URL carries its own token.
    with urllib.request.urlopen(media["participants_download_url"]) as response:
        return [participant["name"] for participant in json.load(response)]

"""A client as the vendor's documentation has it in Python: create a bot, wait for it, download what it recorded.

Usage: client.py BASE_URL WEBSOCKET_URL. Prints one JSON object.
"""

import json
import sys
import time
import urllib.request

base_url, websocket_url = sys.argv[1:3]


def call(method, path, body=None):
    request = urllib.request.Request(
        path if path.startswith("http") else f"{base_url}/api/v1{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": "Token python", "Content-Type": "application/json", "accept": "application/json"},
    )
    with urllib.request.urlopen(request) as response:
        return response.read()


bot = json.loads(
    call(
        "POST",
        "/bot/",
        {
            "meeting_url": "https://zoom.us/j/1234567890?pwd=abc",
            "bot_name": "Notetaker",
            "recording_config": {
                "audio_separate_raw": {},
                "realtime_endpoints": [
                    {"type": "websocket", "url": websocket_url, "events": ["audio_separate_raw.data"]}
                ],
            },
        },
    )
)
while not bot["status_changes"] or bot["status_changes"][-1]["code"] != "in_call_recording":
    time.sleep(0.02)
    bot = json.loads(call("GET", f"/bot/{bot['id']}/"))
time.sleep(1)
call("POST", f"/bot/{bot['id']}/leave_call/")
while bot["status_changes"][-1]["code"] != "done":
    time.sleep(0.02)
    bot = json.loads(call("GET", f"/bot/{bot['id']}/"))
parts = json.loads(call("GET", bot["recordings"][0]["media_shortcuts"]["audio_separate"]["data"]["download_url"]))
print(
    json.dumps(
        {
            "recording": bot["recordings"][0]["id"],
            "sub_code": bot["status_changes"][-2]["sub_code"],
            "audio": {str(part["participant"]["id"]): call("GET", part["download_url"]).hex() for part in parts},
        }
    )
)

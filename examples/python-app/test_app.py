import urllib.error

import app
import pytest

MEETING = "https://zoom.us/j/1234567890"


def test_says_who_was_in_the_meeting(recall):
    # Nobody listens there, which is no matter of this test: the receiver has tests of its own.
    bot_id = app.send_bot(MEETING, "ws://127.0.0.1:1/")
    names = app.participants(bot_id, ask_every_seconds=0.05)
    assert len(names) == 3


def test_refuses_what_is_no_meeting(recall):
    with pytest.raises(urllib.error.HTTPError) as error:
        app.send_bot("https://example.com/", "ws://127.0.0.1:1/")
    assert error.value.code == 400

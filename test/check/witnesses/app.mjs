/**
 * An app for the tests: whoever asks at port APP gets a bot, which it makes at RECALL_API_BASE_URL and which sends to its receiver.
 * LEAVES: it calls its bot back when a connection closes; `unsigned`: without its key, which is refused. NO_AUDIO: its bot asks for none.
 */
import { createServer } from 'node:http';
import { server } from './receiver.mjs';

const { APP, PORT, LEAVES, NO_AUDIO, RECALL_API_BASE_URL: API } = process.env;
let bot;

async function call(method, path, body, key = 'Token key') {
  const response = await fetch(`${API}/api/v1/bot/${path}`, {
    method,
    headers: { ...(key && { Authorization: key }), 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  return response.json();
}

createServer(async (_request, response) => {
  const events = [NO_AUDIO ? 'transcript.data' : 'audio_separate_raw.data'];
  bot = await call('POST', '', {
    meeting_url: 'https://zoom.us/j/1234567890',
    recording_config: {
      audio_separate_raw: {},
      transcript: { provider: { meeting_captions: {} } },
      realtime_endpoints: [{ type: 'websocket', url: `ws://127.0.0.1:${PORT}/audio/`, events }],
    },
  });
  response.end(bot.id);
}).listen(Number(APP), '127.0.0.1');

server.on('connection', (socket) => {
  socket.on('close', () => {
    if (LEAVES)
      void call('POST', `${bot.id}/leave_call/`, undefined, LEAVES === 'unsigned' ? '' : 'Token key');
  });
});

/** Sends a bot into a meeting, with Recall's API. */

export async function createBot(options: {
  meetingUrl: string;
  audioUrl: string;
  apiKey: string;
  region?: string;
}): Promise<{ id: string }> {
  const response = await fetch(`https://${options.region ?? 'us-west-2'}.recall.ai/api/v1/bot`, {
    method: 'POST',
    headers: { Authorization: `Token ${options.apiKey}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({
      meeting_url: options.meetingUrl,
      recording_config: {
        audio_separate_raw: {},
        realtime_endpoints: [
          { type: 'websocket', url: options.audioUrl, events: ['audio_separate_raw.data'] },
        ],
      },
    }),
  });
  if (!response.ok) throw new Error(`Recall answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as { id: string };
}

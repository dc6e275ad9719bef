/** What each meeting platform can do, by the generation of the documentation that is followed. */

import type { CreateBot } from '../../protocol/rest/bot-requests.ts';
import type { MeetingPlatform } from '../../protocol/rest/meeting-url.ts';

/** `current`: the pages of 2026; `2025-06`: "How to get Separate Audio per Participant (Realtime)" as it was then. */
export type DocsGeneration = 'current' | '2025-06';

/** Concurrent separate audio streams ("Real-Time Endpoints", 2026). A platform that is missing has none. */
const MAX_STREAMS: Partial<Readonly<Record<MeetingPlatform, number>>> = {
  zoom: 16,
  microsoft_teams: 9,
  microsoft_teams_live: 9,
  google_meet: 16,
};

export type SeparateAudio =
  | { readonly supported: true; readonly maxStreams: number }
  | { readonly supported: false; readonly subCode: string; readonly why: string };

/** "How to get Separate Videos per Participant (Realtime)", 2025-06: on all but one. How many at a time is not emulated. */
export function hasSeparateVideo(platform: MeetingPlatform): boolean {
  return platform !== 'webex';
}

/** Whether a bot gets separate audio, and how many streams at a time. */
export function separateAudio(
  platform: MeetingPlatform,
  request: CreateBot,
  docs: DocsGeneration,
): SeparateAudio {
  const maxStreams = MAX_STREAMS[platform];
  if (maxStreams === undefined) {
    return {
      supported: false,
      subCode: 'platform_not_supported',
      why: `separate audio is not available on ${platform}`,
    };
  }
  if (docs === '2025-06') {
    if (platform === 'google_meet') {
      return {
        supported: false,
        subCode: 'platform_not_supported',
        why: 'separate audio was not available on google_meet in 2025-06',
      };
    }
    const variant = request.variant?.zoom;
    if (platform === 'zoom' && variant !== undefined && variant !== 'native') {
      return {
        supported: false,
        subCode: 'variant_not_supported',
        why: `separate audio needed the native Zoom bot in 2025-06, and the variant is ${variant}`,
      };
    }
  }
  return { supported: true, maxStreams };
}

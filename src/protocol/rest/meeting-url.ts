/**
 * Which platform a meeting URL belongs to, and the object that Recall's API answers with in its place. A URL of no known
 * platform is no meeting URL.
 */

/** Platforms by the names the API uses. */
export type MeetingPlatform =
  | 'zoom'
  | 'google_meet'
  | 'microsoft_teams'
  | 'microsoft_teams_live'
  | 'webex'
  | 'goto_meeting';

export type MeetingUrl = { readonly platform: MeetingPlatform } & Readonly<Record<string, string | null>>;

/** `meeting_url` of a response for the text of a request; undefined when no platform has such URLs. */
export function parseMeetingUrl(text: string): MeetingUrl | undefined {
  let url: URL;
  try {
    url = new URL(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
  } catch {
    return undefined;
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  const host = url.hostname.toLowerCase();
  const path = url.pathname.split('/').filter((part) => part !== '');
  if (belongsTo(host, 'zoom.us') || belongsTo(host, 'zoomgov.com')) return zoom(url, path);
  if (host === 'meet.google.com') return googleMeet(path);
  if (belongsTo(host, 'teams.microsoft.com') || host === 'teams.microsoft.us') return teams(url, path);
  if (host === 'teams.live.com') return teamsLive(url, path);
  if (belongsTo(host, 'webex.com')) return webex(url, host, path);
  if (belongsTo(host, 'gotomeeting.com') || host === 'meet.goto.com' || host === 'global.gotomeeting.com') {
    const id = path.at(-1);
    return id === undefined ? undefined : { meeting_id: id, platform: 'goto_meeting' };
  }
  return undefined;
}

function belongsTo(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

/** `/j/123?pwd=…`, `/w/123`, `/s/123`, `/wc/123/join`, `/my/name` */
function zoom(url: URL, path: readonly string[]): MeetingUrl | undefined {
  const [kind, id] = path;
  if (kind === undefined || id === undefined || !['j', 'w', 's', 'wc', 'my'].includes(kind)) return undefined;
  if (kind !== 'my' && !/^\d+$/.test(id)) return undefined;
  return { meeting_id: id, meeting_password: url.searchParams.get('pwd'), platform: 'zoom' };
}

/** `/abc-defg-hij`, `/lookup/name` */
function googleMeet(path: readonly string[]): MeetingUrl | undefined {
  const id = path[0] === 'lookup' ? path[1] : path[0];
  if (id === undefined || !/^[\w-]+$/.test(id)) return undefined;
  return { meeting_id: id, platform: 'google_meet' };
}

const NO_TEAMS_FIELDS = {
  meeting_id: null,
  meeting_password: null,
  organizer_id: null,
  tenant_id: null,
  message_id: null,
  thread_id: null,
  business_meeting_id: null,
  business_meeting_password: null,
};

/** `/l/meetup-join/19:meeting_…@thread.v2/0?context={"Tid":…,"Oid":…}`, `/meet/123?p=…` */
function teams(url: URL, path: readonly string[]): MeetingUrl | undefined {
  if (path[0] === 'meet' && path[1] !== undefined) {
    return {
      ...NO_TEAMS_FIELDS,
      business_meeting_id: path[1],
      business_meeting_password: url.searchParams.get('p'),
      platform: 'microsoft_teams',
    };
  }
  const join = path.indexOf('meetup-join');
  if (join === -1 || path[join + 1] === undefined) return undefined;
  const context = jsonObject(url.searchParams.get('context'));
  const field = (name: string): string | null =>
    typeof context[name] === 'string' ? (context[name] as string) : null;
  return {
    ...NO_TEAMS_FIELDS,
    organizer_id: field('Oid'),
    tenant_id: field('Tid'),
    thread_id: decoded(path[join + 1]!),
    message_id: path[join + 2] ?? null,
    platform: 'microsoft_teams',
  };
}

/** `/meet/93…?p=…` */
function teamsLive(url: URL, path: readonly string[]): MeetingUrl | undefined {
  if (path[0] !== 'meet' || path[1] === undefined) return undefined;
  return {
    ...NO_TEAMS_FIELDS,
    meeting_id: path[1],
    meeting_password: url.searchParams.get('p'),
    platform: 'microsoft_teams_live',
  };
}

/** `acme.webex.com/acme/j.php?MTID=m…`, `acme.webex.com/meet/name` */
function webex(url: URL, host: string, path: readonly string[]): MeetingUrl | undefined {
  const subdomain = host.split('.')[0]!;
  const mtid = url.searchParams.get('MTID');
  if (mtid !== null) {
    return {
      meeting_subdomain: subdomain,
      meeting_mtid: mtid,
      meeting_path: path.join('/'),
      platform: 'webex',
    };
  }
  const room = path[0] === 'meet' ? path[1] : undefined;
  if (room === undefined) return undefined;
  return { meeting_subdomain: subdomain, meeting_personal_room_id: room, platform: 'webex' };
}

function jsonObject(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The body of a calendar that an app connects. */
export const CALENDAR = {
  oauth_client_id: 'client',
  oauth_client_secret: 'hush',
  oauth_refresh_token: 'refresh',
  platform: 'google_calendar',
  oauth_email: 'ada@example.com',
};

/** Of an event that somebody adds to it. */
export const EVENT = {
  start_time: '2026-01-02T10:00:00Z',
  title: 'Standup',
  meeting_url: 'https://meet.google.com/abc-defg-hij',
};

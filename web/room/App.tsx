/** The room: all meetings beside the one that is looked at. */
import { useEffect } from 'preact/hooks';
import { notice } from './call.ts';
import { startFeed, watched } from './feed.ts';
import { Header } from './Header.tsx';
import { Locked } from './Locked.tsx';
import { MeetingPage } from './MeetingPage.tsx';
import { Meetings } from './Meetings.tsx';
import { NewMeeting } from './NewMeeting.tsx';
import { shownBot } from './route.ts';
import { bots, link, wasRestarted } from './store.ts';

const NOTICE_MS = 6_000;

export function App() {
  useEffect(() => {
    startFeed();
  }, []);
  const botId = shownBot.value;
  useEffect(() => {
    watched.value = botId;
    document.title =
      botId === '' ? 'recall-emulator' : `${bots.value.get(botId)?.name ?? 'Meeting'} · recall-emulator`;
  }, [botId]);
  if (link.value === 'locked') return <Locked />;
  return (
    <div class={`room ${botId === '' ? 'shows-list' : 'shows-meeting'}`}>
      <Header />
      <LinkNews />
      <div class="columns">
        <aside class="side" aria-label="Meetings">
          <Meetings />
        </aside>
        <main id="main" tabIndex={-1}>
          {botId === '' ? <NewMeeting /> : <MeetingPage key={botId} botId={botId} />}
        </main>
      </div>
      <Notices />
    </div>
  );
}

/** Said while the server does not answer, and once when it is another one than before. */
function LinkNews() {
  if (link.value === 'lost')
    return (
      <p class="link-news lost" role="status">
        The server does not answer. Trying again every second…
      </p>
    );
  if (!wasRestarted.value) return null;
  return (
    <p class="link-news" role="status">
      The server has been started anew: what it played before is gone.
      <button type="button" class="plain" onClick={() => (wasRestarted.value = false)}>
        Close
      </button>
    </p>
  );
}

function Notices() {
  const shown = notice.value;
  useEffect(() => {
    if (shown === undefined) return;
    const timer = setTimeout(() => (notice.value = undefined), NOTICE_MS);
    return () => clearTimeout(timer);
  }, [shown]);
  return (
    <div class="notices" role="status" aria-live="polite">
      {shown !== undefined && (
        <p class={`toast toast-${shown.tone}`}>
          <span>{shown.text}</span>
          <button
            type="button"
            class="plain"
            aria-label="Close this notice"
            onClick={() => (notice.value = undefined)}
          >
            ✕
          </button>
        </p>
      )}
    </div>
  );
}

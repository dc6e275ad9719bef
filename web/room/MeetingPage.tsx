/** One meeting: what became of the bot, who is there, what goes over the wire, and what can be done about it. */
import { useState } from 'preact/hooks';
import type { BotNews } from '../../src/server/control/live/batch.ts';
import { Causes } from './Causes.tsx';
import { act } from './call.ts';
import { Faults } from './Faults.tsx';
import { Hear } from './Hear.tsx';
import { LiveLanes } from './LiveLanes.tsx';
import { Log } from './Log.tsx';
import { StatusCourse } from './StatusCourse.tsx';
import { bots, link, meeting, tick } from './store.ts';
import { Tabs } from './Tabs.tsx';
import { Tiles } from './Tiles.tsx';
import { Wire } from './Wire.tsx';
import { clockText, safe } from './words.ts';

export function MeetingPage({ botId }: { readonly botId: string }) {
  const bot = bots.value.get(botId);
  if (bot === undefined) return <NotThere botId={botId} />;
  return (
    <>
      <Head bot={bot} />
      <StatusCourse bot={bot} />
      <Live bot={bot} />
    </>
  );
}

function NotThere({ botId }: { readonly botId: string }) {
  return (
    <div class="empty">
      <h1>{link.value === 'live' ? 'There is no such bot' : 'Looking…'}</h1>
      <p>
        {link.value === 'live' ? (
          <>
            <code>{botId}</code> is none of this process. <a href="#/">Make a new one.</a>
          </>
        ) : (
          'The server has not told yet.'
        )}
      </p>
    </div>
  );
}

/** Files are named by their whole path. */
function baseName(scenario: string): string {
  return scenario.split(/[/\\]/).at(-1)!;
}

const ENDED = ['call_ended', 'done', 'fatal'];

function Head({ bot }: { readonly bot: BotNews }) {
  const isOver = ENDED.includes(bot.statuses.at(-1)?.code ?? '');
  const command = (name: string, done: string): void => {
    void act('POST', `/bots/${bot.bot_id}/${name}`, undefined, done);
  };
  return (
    <header class="meeting-head">
      <div class="meeting-title">
        <a class="back" href="#/">
          ← Meetings
        </a>
        <h1>
          <bdi>{safe(bot.name)}</bdi>
        </h1>
        <p class="facts-line">
          {baseName(bot.scenario)} · {bot.connections} · <code>{bot.bot_id}</code>
        </p>
      </div>
      <p class="clock" title="How long the recording has run">
        <b>{clockText(bot.elapsed_s)}</b>
        <small>
          {bot.sent.toLocaleString('en')} of {bot.scheduled.toLocaleString('en')} frames sent
          {bot.dropped > 0 && <span class="lost-count"> · {bot.dropped.toLocaleString('en')} lost</span>}
        </small>
      </p>
      {!isOver && (
        <div class="commands">
          {(bot.recording || bot.paused) && (
            <button
              type="button"
              onClick={() =>
                bot.paused
                  ? command('resume_recording', 'The recording goes on')
                  : command('pause_recording', 'The recording is paused')
              }
            >
              {bot.paused ? 'Resume recording' : 'Pause recording'}
            </button>
          )}
          <button type="button" onClick={() => command('end_meeting', 'The host has ended the meeting')}>
            End meeting
          </button>
          <button type="button" class="danger" onClick={() => command('leave_call', 'The bot has left')}>
            Leave
          </button>
        </div>
      )}
    </header>
  );
}

function Live({ bot }: { readonly bot: BotNews }) {
  const [tab, setTab] = useState('wire');
  tick.value;
  const state = meeting.value;
  const wrong = state?.diagnoses.length ?? 0;
  const faults = state?.faults.length ?? 0;
  return (
    <>
      {state === undefined ? (
        <Waiting bot={bot} />
      ) : (
        <>
          <Hear botId={bot.bot_id} state={state} />
          <Tiles botId={bot.bot_id} state={state} />
          {wrong > 0 && <Causes state={state} />}
          <LiveLanes state={state} />
        </>
      )}
      <Tabs
        label="What there is to see beside"
        chosen={tab}
        onChoose={setTab}
        tabs={[
          { id: 'wire', text: 'Wire' },
          { id: 'faults', text: faults === 0 ? 'Faults' : `Faults (${faults})` },
          { id: 'log', text: 'Log' },
        ]}
      >
        {tab === 'wire' && <Wire botId={bot.bot_id} />}
        {tab === 'faults' && <Faults botId={bot.bot_id} state={state} />}
        {tab === 'log' && <Log botId={bot.bot_id} />}
      </Tabs>
    </>
  );
}

function Waiting({ bot }: { readonly bot: BotNews }) {
  const isOver = ENDED.includes(bot.statuses.at(-1)?.code ?? '');
  return (
    <div class="empty small">
      <p>{isOver ? 'Nothing was recorded.' : 'Nobody is heard before the bot records.'}</p>
    </div>
  );
}

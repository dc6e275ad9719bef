/** One request, webhook or message with all that is in it, and what can be done with it. */
import { useEffect, useState } from 'preact/hooks';
import { CopyButton } from './CopyButton.tsx';
import { type Answer, act, ask, reasonOf } from './call.ts';
import { curlOfRequest, curlOfWebhook } from './curl.ts';
import { JsonView } from './JsonView.tsx';
import { playFrame } from './play-frame.ts';
import type { WireRow } from './wire-rows.ts';

interface WireDetailProps {
  readonly row: WireRow;
  readonly botId: string;
  readonly onClose: () => void;
}

function pathOf(row: WireRow, botId: string): string {
  if (row.kind === 'request') return `/requests/${row.of.number}`;
  return row.kind === 'webhook' ? `/webhooks/${row.of.id}` : `/bots/${botId}/messages/${row.of.number}`;
}

export function WireDetail({ row, botId, onClose }: WireDetailProps) {
  const [answer, setAnswer] = useState<Answer | undefined>(undefined);
  // A webhook that was tried again has more to tell.
  const version = row.kind === 'webhook' ? `${row.of.state} ${row.of.attempts.at(-1)?.at}` : '';
  useEffect(() => {
    void ask('GET', pathOf(row, botId)).then(setAnswer);
  }, [row.key, version]);
  return (
    <section class="wire-detail" aria-label="What was chosen">
      <header>
        <h3>
          <bdi>{row.text}</bdi>
        </h3>
        <button type="button" class="plain" aria-label="Close the detail" onClick={onClose}>
          ✕
        </button>
      </header>
      {row.kind === 'request' && row.of.reason !== '' && <p class="field-error">{row.of.reason}</p>}
      {answer === undefined ? (
        <p class="hint">Looking…</p>
      ) : answer.ok ? (
        <Parts row={row} body={answer.body} />
      ) : (
        <p class="field-error">{reasonOf(answer)}</p>
      )}
    </section>
  );
}

// biome-ignore lint/suspicious/noExplicitAny: what the control API answers, which is shown as it is
function Parts({ row, body }: { readonly row: WireRow; readonly body: any }) {
  if (row.kind === 'request') return <RequestParts body={body} />;
  return row.kind === 'webhook' ? <WebhookParts body={body} /> : <MessageParts body={body} />;
}

// biome-ignore lint/suspicious/noExplicitAny: as above
function RequestParts({ body }: { readonly body: any }) {
  return (
    <>
      <div class="detail-actions">
        <CopyButton text={curlOfRequest(body)}>Copy as curl</CopyButton>
      </div>
      {body.body !== null && <JsonView title="Request" value={body.body} />}
      <JsonView title={`Answer, ${body.status} after ${body.duration_ms} ms`} value={body.answer} />
    </>
  );
}

// biome-ignore lint/suspicious/noExplicitAny: as above
function WebhookParts({ body }: { readonly body: any }) {
  const [edited, setEdited] = useState<string | undefined>(undefined);
  const again = (change: unknown): void => {
    void act('POST', `/webhooks/${body.id}/redeliver`, change, 'On its way once more');
  };
  return (
    <>
      <div class="detail-actions">
        <button type="button" onClick={() => again({})}>
          Redeliver
        </button>
        <button
          type="button"
          aria-expanded={edited !== undefined}
          onClick={() => setEdited(edited === undefined ? JSON.stringify(body.body, null, 2) : undefined)}
        >
          Redeliver edited…
        </button>
        <CopyButton text={curlOfWebhook(body)}>Copy as curl</CopyButton>
      </div>
      {edited !== undefined && <EditForm first={edited} onSend={(value) => again({ body: value })} />}
      <JsonView title="Body" value={body.body} />
      <h4>Attempts</h4>
      <ol class="attempts">
        {body.attempts.map(
          (attempt: { at: string; status: number | null; error: string | null; duration_ms: number }) => (
            <li key={attempt.at}>
              <time>{attempt.at.slice(11, 23)}</time> {attempt.status ?? 'no answer'}
              {attempt.error !== null && `: ${attempt.error}`} <small>{attempt.duration_ms} ms</small>
            </li>
          ),
        )}
        {body.attempts.length === 0 && <li>none so far</li>}
      </ol>
    </>
  );
}

function EditForm({ first, onSend }: { readonly first: string; readonly onSend: (value: unknown) => void }) {
  const [text, setText] = useState(first);
  const [wrong, setWrong] = useState('');
  const send = (event: SubmitEvent): void => {
    event.preventDefault();
    try {
      onSend(JSON.parse(text));
      setWrong('');
    } catch (error) {
      setWrong((error as Error).message);
    }
  };
  return (
    <form class="edit" onSubmit={send}>
      <textarea
        aria-label="Body to deliver"
        rows={10}
        spellcheck={false}
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
      {wrong !== '' && <p class="field-error">{wrong}</p>}
      <button type="submit" class="primary">
        Deliver this
      </button>
    </form>
  );
}

// biome-ignore lint/suspicious/noExplicitAny: as above
function MessageParts({ body }: { readonly body: any }) {
  const value = parsed(body.text);
  const buffer: unknown = value?.data?.data?.buffer;
  return (
    <>
      <div class="detail-actions">
        <CopyButton text={body.text}>Copy</CopyButton>
        {typeof buffer === 'string' && body.event.startsWith('audio_') && (
          <button type="button" onClick={() => playFrame(buffer)}>
            Listen
          </button>
        )}
      </div>
      {value === undefined ? <pre class="json">{body.text}</pre> : <JsonView title="Message" value={value} />}
    </>
  );
}

// biome-ignore lint/suspicious/noExplicitAny: whatever was sent
function parsed(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

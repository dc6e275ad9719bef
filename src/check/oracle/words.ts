/** What is wrong with the content of a file, put into words. Positions and lengths are samples at 16 kHz. */

import { enumerated } from '../../words.ts';
import { endOf, type SentRun } from './chain.ts';
import { type Draft, period, seconds, span } from './finding.ts';
import type { Kept } from './form.ts';
import type { Run } from './locate.ts';
import { lengthOf, type Range, type Sent, type SentTrack, within } from './sent.ts';

export function interleavedDraft(tracks: readonly number[], runs: readonly Run[], sent: Sent): Draft {
  const present = tracks.filter((track) => runs.some((run) => run.kind === 'sent' && run.track === track));
  const { at, length } = runs.at(-1)!;
  const names = enumerated(present.map((track) => sent.tracks[track]!.name));
  const size = `${seconds(at + length)} s kept of a ${seconds(sent.durationSamples)} s meeting`;
  return {
    code: 'interleaved',
    start: 0,
    end: at + length,
    text: `${names} are interleaved in one file: ${size}`,
  };
}

/** A stretch that is out of the chain, whose ranges are `inOrder`: there again, or in the wrong place. */
export function strayDraft(run: SentRun, inOrder: readonly Range[]): Draft {
  const again = lengthOf(within(inOrder, run.from, endOf(run)));
  if (again * 2 >= run.length) return twiceDraft(run.from, endOf(run), run.at);
  return {
    code: 'wrong_order',
    start: run.from,
    end: endOf(run),
    text: `${period(run.from, endOf(run))} stands in the wrong place, at ${seconds(run.at)} s in the file`,
    together: '{} stretches stand in the wrong order',
  };
}

export function twiceDraft(start: number, end: number, at: number): Draft {
  return {
    code: 'twice',
    start,
    end,
    text: `${period(start, end)} is there twice, the second time at ${seconds(at)} s in the file`,
    together: '{} stretches are there twice',
  };
}

export function foreignDraft(run: SentRun, sent: Sent, owner: SentTrack, lost: readonly Range[]): Draft {
  const instead = lost.length === 0 ? '' : `, in place of ${period(lost[0]!.start, lost.at(-1)!.end)}`;
  return {
    code: 'foreign',
    start: run.at,
    end: run.at + run.length,
    text: `${span(run.length)} of ${sent.tracks[run.track]!.name} in ${owner.name}'s file at ${seconds(run.at)} s${instead}`,
    together: 'audio of others at {} places',
  };
}

export function unknownDraft(at: number, unknown: number, lost: readonly Range[]): Draft {
  if (lost.length === 0)
    return {
      code: 'unknown',
      start: at,
      end: at + unknown,
      text: `${span(unknown)} that nobody sent, at ${seconds(at)} s in the file`,
      together: 'audio that nobody sent at {} places',
    };
  const { start } = lost[0]!;
  const { end } = lost.at(-1)!;
  return {
    code: 'damaged',
    start,
    end,
    text: `${period(start, end)} is not what was sent`,
    together: 'not what was sent at {} places',
  };
}

export function missingDraft(lost: readonly Range[], isSilent: boolean): Draft {
  const { start } = lost[0]!;
  const { end } = lost.at(-1)!;
  const weight = lengthOf(lost);
  const what = weight * 2 >= end - start ? period(start, end) : `${span(weight)} of ${period(start, end)}`;
  return {
    code: 'missing',
    start,
    end,
    weight,
    text: `missing ${what}${isSilent ? ', silence instead' : ''}`,
    together: 'missing at {} places',
  };
}

export function insertedDraft(start: number, at: number, length: number): Draft {
  return {
    code: 'silence_inserted',
    start,
    end: start + length,
    text: `${span(length)} of silence inserted at ${seconds(at)} s in the file`,
    together: 'silence inserted at {} places',
  };
}

export function lengthDraft(start: number, end: number, pause: number, silence: number): Draft {
  return {
    code: 'silence_length',
    start,
    end,
    weight: Math.abs(pause - silence),
    text: `the ${span(pause)} of silence at ${seconds(start)} s are ${span(silence)} in the file`,
    together: 'silence of {} mutes has the wrong length',
  };
}

/** `file` as the reader knows it: its name, or `the mix`. */
export function remarkDrafts({ remarks = [] }: Kept, file: string): Draft[] {
  return remarks.map(({ code, text }) => ({
    code,
    // A name does no harm; what is missing may be the audio's end.
    severity: code === 'misnamed' ? 'note' : 'warning',
    start: 0,
    end: 0,
    weight: 0,
    text: `${file} ${text}`,
  }));
}

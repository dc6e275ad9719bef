import type { KeptCause } from '../cause.ts';
import type { MeetingReport } from '../report.ts';

/** Its files are those of connections, not of people. */
export const filePerConnection: KeptCause = {
  code: 'keyed_by_connection',
  title: 'Begins a file for each connection',
  shows: 'Whoever is unmuted again has another file, of which each holds what came over one connection.',
  remedy:
    'Key by `data.recording.id` and `data.data.participant.id`, not by the connection: each unmute opens one, and so does each loss.',
  look({ all, wrong }) {
    const back = all
      .filter(({ connections }) => connections === 'per-participant')
      .flatMap((result) =>
        result.meetings.flatMap((meeting) =>
          meeting.lanes
            .filter(({ unmuted }) => meeting.kept !== null && unmuted.length > 1)
            .map((lane) => ({ result, isEach: hasFileForEach(meeting, lane) })),
        ),
      );
    if (back.length === 0 || back.some(({ isEach }) => !isEach)) return undefined;
    const told = new Set(back.map(({ result }) => result));
    return {
      certainty: 'certain',
      text: 'The receiver begins a file for each connection, not for each participant',
      explains: wrong.filter((each) => told.has(each)),
    };
  },
};

/** Each of their files has audio of one unmuted stretch, and each stretch has a file. */
function hasFileForEach({ kept }: MeetingReport, lane: MeetingReport['lanes'][number]): boolean {
  const files = kept!.filter(({ participant }) => participant === lane.participant);
  const stretches = files.map(({ runs }) => {
    const sent = runs.filter((run) => run.kind === 'sent' && run.participant === lane.participant);
    return lane.unmuted.findIndex(({ from_s, to_s }) =>
      sent.every((run) => run.from_s! >= from_s - 0.001 && run.from_s! < to_s),
    );
  });
  return files.length === lane.unmuted.length && lane.unmuted.every((_, index) => stretches.includes(index));
}

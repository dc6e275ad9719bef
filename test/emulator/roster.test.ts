import { describe, expect, it } from 'vitest';
import { Roster } from '../../src/emulator/roster.ts';
import { meeting } from '../../src/scenario/builder.ts';
import { compileScenario } from '../../src/scenario/compile.ts';

const timeline = await compileScenario(
  meeting({ duration: 10 })
    .participant({ id: 100, name: 'Ada' }, (ada) => ada.unmute(0).update(5, { name: 'Ada Moreno' }))
    .build(),
);
const stream = (participant: number, startSample: number) => ({
  participant,
  startSample,
  endSample: 160_000,
});

describe('the roster of a meeting', () => {
  it('has everybody as the timeline had them when a stream began', () => {
    const roster = new Roster(timeline);
    expect(roster.at(stream(0, 0)).name).toBe('Ada');
    expect(roster.at(stream(0, 96_000)).name).toBe('Ada Moreno');
  });

  it('has whoever was changed as they are now, whatever the timeline says', () => {
    const roster = new Roster(timeline);
    roster.change(0, { ...roster.participants[0]!, name: 'Countess' });
    expect(roster.at(stream(0, 0)).name).toBe('Countess');
    expect(roster.at(stream(0, 96_000)).name).toBe('Countess');
  });

  it('takes in people whom the timeline does not know', () => {
    const roster = new Roster(timeline);
    const index = roster.add({ ...roster.participants[0]!, id: 7, name: 'Grace' });
    expect([index, roster.indexOf(7), roster.indexOf(8)]).toEqual([1, 1, -1]);
    expect(roster.at(stream(index, 0)).name).toBe('Grace');
    expect(timeline.participants).toHaveLength(1);
  });
});

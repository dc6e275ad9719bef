import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CONNECTION_EVENTS,
  CONNECTION_STATES,
  type ConnectionState,
  isOver,
  TRANSITIONS,
  type Transition,
  transition,
} from '../../src/emulator/transitions.ts';

const eventArb = fc.constantFrom(...CONNECTION_EVENTS);

/** The events of a random order that can happen, from the beginning on. */
function walk(events: readonly (typeof CONNECTION_EVENTS)[number][]): Transition[] {
  const steps: Transition[] = [];
  let state: ConnectionState = 'idle';
  for (const event of events) {
    if (TRANSITIONS[state][event] === undefined) continue;
    const step = transition(state, event);
    steps.push(step);
    state = step.to;
  }
  return steps;
}

describe('the transitions of a connection', () => {
  it('are in the table, or an error that names state and event', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CONNECTION_STATES), eventArb, (state, event) => {
        const to = TRANSITIONS[state][event];
        if (to === undefined)
          expect(() => transition(state, event)).toThrow(`${state} cannot have the event ${event}`);
        else expect(transition(state, event)).toEqual({ from: state, event, to });
      }),
    );
  });

  it('hold in any order of events: one open at a time, only after a dial, and an end is an end', () => {
    fc.assert(
      fc.property(fc.array(eventArb, { maxLength: 60 }), (events) => {
        const steps = walk(events);
        for (const [index, { from, event, to }] of steps.entries()) {
          expect(isOver(from)).toBe(false);
          expect(from).not.toBe(to);
          // Nothing is open that was not connecting before, and nothing is closed in order that was not closing.
          if (to === 'open') expect({ from, event }).toEqual({ from: 'connecting', event: 'open' });
          if (event === 'end') expect(from).toBe('closing');
          if (to === 'closing') expect(from).toBe('open');
          if (index > 0) expect(from).toBe(steps[index - 1]!.to);
        }
        expect(steps.filter(({ to }) => isOver(to)).length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('reach every state from the beginning, and the end from every state', () => {
    const reached = (from: ConnectionState): Set<ConnectionState> => {
      const seen = new Set<ConnectionState>([from]);
      for (const state of seen) for (const next of Object.values(TRANSITIONS[state])) seen.add(next);
      return seen;
    };
    expect([...reached('idle')].sort()).toEqual([...CONNECTION_STATES].sort());
    for (const state of CONNECTION_STATES) expect([...reached(state)].some(isOver)).toBe(true);
    for (const state of CONNECTION_STATES.filter((each) => !isOver(each)))
      expect(TRANSITIONS[state].fail).toBe('failed');
  });
});

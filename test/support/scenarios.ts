/** Arbitraries of the tests: those that the package has, as values. */
import fc from 'fast-check';
import { scenarioArb as makeScenarioArb } from '../../src/testing/arbitraries.ts';

export const scenarioArb = makeScenarioArb();

export const frameMsArb: fc.Arbitrary<number[]> = fc.array(fc.integer({ min: 10, max: 400 }), {
  minLength: 1,
  maxLength: 3,
});

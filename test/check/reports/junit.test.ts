import { describe, expect, it } from 'vitest';
import { checkReportJunit } from '../../../src/check/reports/junit.ts';
import { CAUSE, caseResult, checkReport, HOSTILE } from './sample.ts';

describe('a report as JUnit XML', () => {
  const xml = checkReportJunit(
    checkReport(
      [
        caseResult({ id: 'basic.one_speaker' }),
        caseResult({ verdict: 'fail', headline: 'no file of Alex', causes: [CAUSE.code] }),
        caseResult({
          connections: 'per-endpoint',
          verdict: 'fail',
          known: true,
          headline: 'no file of Alex',
        }),
        caseResult({ id: 'names.null', verdict: 'not_seen', unseen: ['what was kept: give `files`'] }),
        caseResult({ id: 'robust.binary', verdict: 'warn', headline: 'it left' }),
      ],
      { causes: [CAUSE] },
    ),
  );

  it('has a suite for each group, and a test for each case and topology', () => {
    expect(xml).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="recall-emulator check" tests="5" failures="1" errors="0" skipped="2" time="2.500">/,
    );
    expect(
      [
        ...xml.matchAll(/<testsuite name="(\w+)" tests="(\d)" failures="(\d)" errors="0" skipped="(\d)"/g),
      ].map((match) => match.slice(1)),
    ).toEqual([
      ['basic', '1', '0', '0'],
      ['names', '3', '1', '2'],
      ['robust', '1', '0', '0'],
    ]);
    expect(xml).toContain(
      '<testcase name="basic.one_speaker (per-participant): two people have the same name" classname="recall-emulator.basic" time="1.250"/>',
    );
    expect(xml).toContain('<property name="url" value="ws://127.0.0.1:4000/audio/?token=…"/>');
  });

  it('says of a failure what, what must hold and what to do', () => {
    expect(xml).toContain(
      '<failure message="no file of Alex" type="keyed_by_name">error: no file of Alex\n\nmust hold: Each of them has audio of their own.\nremedy: Key by id.</failure>',
    );
  });

  it('skips what nobody saw and what was expected, with the reason', () => {
    expect(xml).toContain('<skipped message="expected to fail: no file of Alex"/>');
    expect(xml).toContain('<skipped message="what was kept: give `files`"/>');
    expect(xml).toContain('<system-out>error: it left');
  });

  it('is XML whatever was found', () => {
    const hostile = checkReportJunit(checkReport([caseResult({ verdict: 'fail', headline: HOSTILE })]));
    const outside = hostile.replace(/<[/?]?[a-z]+( [a-z]+="[^"<]*")*\/?\??>/g, '');
    expect(outside).not.toMatch(/[<>"\uffff]|(?!\n)\p{Cc}/u);
    expect(outside).not.toMatch(/&(?!amp;|lt;|gt;|quot;)/);
    expect(hostile).toContain('message="a]]&gt;&quot;&lt;b&gt;|\\n::error::x');
  });
});

/** A load report as one HTML file with everything in it: figures, thresholds, and a chart for each of what ran second by second. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { LoadReport, LoadSecond } from './report.ts';
import { measured } from './thresholds.ts';

const CHARTS: readonly { readonly title: string; readonly key: keyof LoadSecond; readonly unit: string }[] = [
  { title: 'Messages per second', key: 'messages_per_s', unit: '/s' },
  { title: 'Lateness p99', key: 'lateness_p99_ms', unit: ' ms' },
  { title: 'Open connections', key: 'open_connections', unit: '' },
  { title: 'Frames dropped', key: 'dropped', unit: '/s' },
  { title: 'Resident memory', key: 'rss_mb', unit: ' MiB' },
];

/**
 * The whole file. The chart library (uPlot) is read from its package and put into it. `words` turns the verdict and the failures into
 * the words of whoever reads it, such as flags for options.
 */
export async function loadReportHtml(
  report: LoadReport,
  target: string,
  words: (text: string) => string = (text) => text,
): Promise<string> {
  const uplot = dirname(createRequire(import.meta.url).resolve('uplot/package.json'));
  const [script, style] = await Promise.all([
    readFile(join(uplot, 'dist/uPlot.iife.min.js'), 'utf8'),
    readFile(join(uplot, 'dist/uPlot.min.css'), 'utf8'),
  ]);
  const { seconds } = report;
  const charts = CHARTS.map(({ title, key, unit }) => ({
    title,
    unit,
    data: [seconds.map(({ at_s }) => at_s), seconds.map((second) => second[key])],
  }));
  const thresholds = report.thresholds
    .map(
      (result) =>
        `<tr class="${result.ok ? 'ok' : 'bad'}"><td>${escaped(result.name)}</td><td>${measured(result)}</td><td>${result.ok ? 'held' : 'broken'}</td></tr>`,
    )
    .join('');
  const failures = report.failures
    .map(
      ({ text, frames, connections }) =>
        `<tr><td>${escaped(words(text))}</td><td>${frames}</td><td>${connections}</td></tr>`,
    )
    .join('');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>recall-emulator load: ${escaped(target)}</title>
<style>${style}
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; }
table { border-collapse: collapse; margin: 1rem 0; } td, th { border: 1px solid #d0d7de; padding: .25rem .75rem; text-align: left; }
td + td { font-variant-numeric: tabular-nums; } .ok td:last-child { color: #1a7f37; } .bad td:last-child { color: #cf222e; }
.verdict { padding: .75rem 1rem; border-left: .3rem solid ${report.ok ? '#1a7f37' : '#cf222e'}; background: #f6f8fa; }
</style>
<h1>Load test</h1>
<p>${escaped(target)}</p>
<p class="verdict">${escaped(words(report.verdict))}</p>
${thresholds === '' ? '' : `<h2>Thresholds</h2><table><tr><th>threshold</th><th>value</th><th></th></tr>${thresholds}</table>`}
${failures === '' ? '' : `<h2>What went wrong</h2><table><tr><th>what</th><th>frames lost</th><th>connections</th></tr>${failures}</table>`}
<h2>Figures</h2>
<table>${figures(report)
    .map(([name, value]) => `<tr><td>${escaped(name)}</td><td>${escaped(value)}</td></tr>`)
    .join('')}</table>
<h2>Second by second</h2>
<div id="charts"></div>
<script>${script}</script>
<script>
for (const { title, unit, data } of ${JSON.stringify(charts).replaceAll('<', '\\u003c')}) {
  new uPlot({
    title, width: Math.min(900, document.body.clientWidth), height: 220, cursor: { drag: { x: true, y: false } },
    scales: { x: { time: false }, y: { range: (_, min, max) => [0, max * 1.1 || 1] } },
    axes: [{ values: (_, ticks) => ticks.map((tick) => tick + ' s') }, { size: 70 }],
    series: [{ label: 'second' }, { label: title, stroke: '#0969da', fill: '#0969da22', value: (_, value) => value == null ? '' : value + unit }],
  }, data, document.getElementById('charts'));
}
</script>
</html>
`;
}

/** Names and values as the summary table has them. */
export function figures(report: LoadReport): readonly (readonly [name: string, value: string])[] {
  const ms = ({ p50, p95, p99, max }: LoadReport['lateness_ms']): string =>
    `p50 ${short(p50)}, p95 ${short(p95)}, p99 ${short(p99)}, max ${short(max)} ms`;
  const reasons = Object.entries(report.dropped).filter(([reason, count]) => reason !== 'total' && count > 0);
  const closes = Object.entries(report.closes).map(([code, count]) => `${code} × ${count}`);
  return [
    ['bots, streams, connections', `${report.bots}, ${report.streams}, ${report.connections}`],
    ['frames sent', `${report.sent} of ${report.scheduled} in ${report.duration_s} s`],
    [
      'frames dropped',
      reasons.length === 0 ? '0' : reasons.map(([reason, count]) => `${count} ${reason}`).join(', '),
    ],
    ...(report.in_doubt === 0
      ? []
      : [['frames in doubt', `${report.in_doubt}: sent before a reset`] as const]),
    ['messages per second', String(report.messages_per_s)],
    ['megabytes per second', (report.bytes_per_s / 1e6).toFixed(1)],
    ['ours: lateness', ms(report.lateness_ms)],
    ['ours: event loop delay', ms(report.event_loop_delay_ms)],
    [
      'ours: busiest thread, CPU, memory',
      `${Math.round(report.utilization * 100)} %, ${report.cpu_s.toFixed(1)} s, ${report.rss_mb} MiB`,
    ],
    ['theirs: connect', ms(report.connect_ms)],
    ['theirs: ping', ms(report.ping_ms)],
    ['theirs: sockets without room', `${report.blocked_ms} ms`],
    ['theirs: largest backlog', `${report.max_backlog_bytes} bytes`],
    [
      'closes, retries, failed bots',
      `${closes.join(', ') || 'none'}; ${report.retries}; ${report.failed_bots}`,
    ],
  ];
}

/** Thousandths of a millisecond say nothing where there are ten. */
function short(ms: number): string {
  return ms < 10 ? String(ms) : ms.toFixed(1);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

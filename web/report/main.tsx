import '../theme.css';
import '../lanes/lanes.css';
import '../lanes/tracks.css';
import '../lanes/over.css';
import './report.css';
import './list.css';
import './case.css';
import './case-details.css';
import './screens.css';
import { render } from 'preact';
import { App } from './App.tsx';
import { readReport } from './read.ts';

const report = readReport();
render(
  report === undefined ? <p class="empty">There is no report in this file.</p> : <App report={report} />,
  document.getElementById('page')!,
);

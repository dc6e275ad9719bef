import '../theme.css';
import '../lanes/lanes.css';
import '../lanes/tracks.css';
import '../lanes/over.css';
import './trace.css';
import './happenings.css';
import { render } from 'preact';
import { App } from './App.tsx';
import { readMeetings } from './read.ts';

const page = document.getElementById('page')!;
page.textContent = '';
render(<App meetings={await readMeetings()} />, page);

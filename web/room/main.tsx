import '../theme.css';
import '../lanes/lanes.css';
import '../lanes/tracks.css';
import '../lanes/over.css';
import './room.css';
import './controls.css';
import './meetings.css';
import './tiles.css';
import './meeting.css';
import './wire.css';
import './screens.css';
import { render } from 'preact';
import { App } from './App.tsx';

render(<App />, document.getElementById('page')!);

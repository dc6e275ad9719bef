/** The run of a kept file that the pointer is over, which lights up where its audio was sent. */
import { createContext } from 'preact';
import type { KeptRun } from './KeptTrack.tsx';

export const Pointed = createContext<KeptRun | undefined>(undefined);

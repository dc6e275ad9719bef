/** The product, whether the server is there, and its time. */

import { hello, link } from './store.ts';
import { TimeMenu } from './TimeMenu.tsx';

const LINKS = { connecting: 'connecting', live: 'live', lost: 'not there', locked: 'locked' } as const;

export function Header() {
  const { version, speed } = hello.value ?? {};
  return (
    <header class="top">
      <a class="skip" href="#main">
        Skip to the meeting
      </a>
      <a class="brand" href="#/">
        <Mark />
        recall-emulator
        {version !== undefined && <small>{version}</small>}
      </a>
      <span class="space" />
      {speed !== undefined && speed !== 1 && (
        <span class="chip">{speed === 'max' ? 'virtual time' : `${speed}× speed`}</span>
      )}
      <TimeMenu />
      <span class={`link link-${link.value}`} role="status">
        <i aria-hidden="true" />
        {LINKS[link.value]}
      </span>
    </header>
  );
}

function Mark() {
  return (
    <svg class="mark-logo" viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M8 13v6M13 9v14M18 12v8M23 7v18" />
    </svg>
  );
}

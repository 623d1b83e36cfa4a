/** Crashes, pauses, cut links, clients and phases. */
import type { WorldRecord } from '../trace/format.ts';
import { names } from './beat.ts';
import { linkSentence } from './links.ts';
import type { Narration } from './narration.ts';

export function tellWorld(narrator: Narration, record: WorldRecord): void {
  narrator.atUs = record.t;
  switch (record.k) {
    case 'crashed': {
      const server = narrator.server(record.n);
      const { role, term } = server;
      const lost = server.crash(record.survivors);
      const writes = lost === 1 ? 'a write that was not finished' : `${lost} unfinished writes`;
      const what = role === 'leader' ? `, the leader of term ${term},` : '';
      const text = (name: string) =>
        `${name}${what} crashes${lost === 0 ? '' : `, and loses ${writes}`}`;
      narrator.tell({ isWorld: true, nodes: [record.n], weight: 78, text });
      return;
    }
    case 'wiped':
      narrator.tell({
        isWorld: true,
        nodes: [record.n],
        weight: 78,
        text: (name) => `${name} is gone for good, and its disk with it`,
      });
      return;
    case 'paused':
      narrator.tell({
        isWorld: true,
        nodes: [record.n],
        weight: 55,
        text: (name) => `${name} is paused`,
      });
      return;
    case 'resumed':
      narrator.tell({
        isWorld: true,
        nodes: [record.n],
        weight: 50,
        text: (name) => `${name} goes on`,
      });
      return;
    case 'blocked':
      tellLinks(narrator, record.links);
      return;
    case 'prepared':
      tellPrepared(narrator, record);
      return;
    case 'phaseBegan':
      tellPhase(narrator, record);
      return;
    case 'struck':
    case 'inspected':
    case 'stateInspected':
    case 'invoked':
    case 'returned':
  }
}

function tellLinks(narrator: Narration, links: readonly number[]): void {
  const wereFree = narrator.cutCount === 0;
  narrator.cutCount = links.length;
  if (links.length === 0 && wereFree) return;
  const text = linkSentence(links, narrator.size);
  const weight = links.length === 0 ? 54 : 62;
  narrator.tell({ isWorld: true, nodes: [], weight, text: () => text });
}

function tellPrepared(narrator: Narration, record: WorldRecord & { readonly k: 'prepared' }): void {
  const { n, currentTerm, votedFor, entries } = record;
  narrator.server(n).prepare(currentTerm, votedFor, entries);
  const terms = entries.map(({ term }) => term).join(', ');
  const log = entries.length === 0 ? 'an empty log' : `a log of terms ${terms}`;
  narrator.tell({
    isWorld: true,
    nodes: [n],
    weight: 66,
    key: `prepared ${currentTerm} ${terms}`,
    text: (name) =>
      `The ${name.includes(' and ') ? 'disks' : 'disk'} of ${name} ${name.includes(' and ') ? 'hold' : 'holds'} term ${currentTerm} and ${log}`,
  });
}

function tellPhase(narrator: Narration, record: WorldRecord & { readonly k: 'phaseBegan' }): void {
  const { phase, core } = record;
  if (phase === 'heal') {
    const whole = core.length === narrator.size ? 'every server' : names(core);
    narrator.tell({
      isWorld: true,
      nodes: [],
      weight: 45,
      text: () => `The faults are over: links are free, and ${whole} should make progress`,
    });
  } else if (phase === 'quiet') {
    narrator.tell({
      isWorld: true,
      nodes: [],
      weight: 30,
      text: () => 'Clients ask for nothing more',
    });
  } else if (phase === 'traffic') {
    narrator.tell({
      isWorld: true,
      nodes: [],
      weight: 40,
      text: () => 'Clients begin to ask again',
    });
  }
}

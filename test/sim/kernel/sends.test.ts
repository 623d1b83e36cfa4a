/** In which order what a server sends leaves it. */
import { describe, expect, test } from 'vitest';
import type { Outbox } from '../../../core/contract.ts';
import { mark, planOf, watch } from './probe.ts';

describe('sends', () => {
  /** `to:term` of what server 2 of 4 sends at its start, and the other actions, in order. */
  function orderOf(act: (out: Outbox) => void): string[] {
    const { facts } = watch(planOf({ cluster: { size: 4 } }), (event, out, { node }) => {
      if (event.kind === 'start' && node === 2) act(out);
    });
    const own = facts.filter((fact) => 'n' in fact && fact.n === 2 && fact.t === 0).slice(1);
    return own.map((fact) => (fact.k === 'sent' ? `${fact.to}:${fact.body.term}` : fact.k));
  }

  test('between two other actions have no order: they leave sorted by destination', () => {
    const left = orderOf((out) => {
      for (const [to, term] of [
        [4, 1],
        [1, 2],
        [3, 3],
        [1, 4],
      ] as const)
        out.send(to, mark(term));
      out.note('between');
      out.send(3, mark(5));
      out.send(1, mark(6));
    });
    expect(left).toEqual(['1:2', '1:4', '3:3', '4:1', 'noted', '1:6', '3:5']);
  });

  const entry = { term: 1, command: null };
  test.each<[string, (out: Outbox) => void]>([
    ['timerSet', (out) => out.setTimer('t', 500, 500)],
    ['timerCancelled', (out) => out.cancelTimer('t')],
    ['persistIssued', (out) => out.persist(1, 'log', 0, { kind: 'append', entries: [entry] })],
    ['applied', (out) => out.apply(1, entry)],
    ['responded', (out) => out.respond('1.1/1', 'ok', 0)],
    ['claimed', (out) => out.claim('candidate', 1)],
    ['noted', (out) => out.note('x')],
  ])('never change places with another action: %s', (name, act) => {
    const left = orderOf((out) => {
      out.send(4, mark(1));
      out.send(3, mark(2));
      act(out);
      out.send(1, mark(3));
    });
    expect(left).toEqual(['3:2', '4:1', name, '1:3']);
  });
});

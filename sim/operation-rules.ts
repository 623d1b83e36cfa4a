/** The commands that a plan spells out: what is no operation would pass for one and do nothing. */
import { distance } from 'fastest-levenshtein';
import type { Plan } from './kernel/plan.ts';
import type { Path, Problems } from './plan-problem.ts';

/** The operations of the key-value store. A key has no spaces; a value that stands last may. */
const FORMS: readonly (readonly [name: string, form: string, pattern: RegExp])[] = [
  ['put', 'put KEY VALUE', /^put [^ ]+ .+$/s],
  ['get', 'get KEY', /^get [^ ]+$/],
  ['cas', 'cas KEY EXPECTED NEW', /^cas [^ ]+ [^ ]+ .+$/s],
  ['range', 'range FROM TO', /^range [^ ]+ [^ ]+$/],
  ['putttl', 'putttl KEY MS VALUE (MS a whole number from 1)', /^putttl [^ ]+ [1-9]\d{0,14} .+$/s],
  ['register', 'register', /^register$/],
];

const SLIP_EDITS_MAX = 2;

export function checkOperations({ workload, images }: Plan, problems: Problems): void {
  workload.script.forEach(({ ops }, i) => {
    ops.forEach((op, j) => {
      checkOperation(op, ['workload', 'script', i, 'ops', j], problems);
    });
  });
  images.forEach(({ log }, i) => {
    log.forEach(({ op }, j) => {
      if (op !== null) checkOperation(op, ['images', i, 'log', j, 'op'], problems);
    });
  });
}

function checkOperation(op: string, path: Path, problems: Problems): void {
  if (FORMS.some(([, , pattern]) => pattern.test(op))) return;
  const got = JSON.stringify(op);
  const name = op.split(' ', 1)[0]!;
  const meant = FORMS.find(([known]) => known === name);
  if (meant !== undefined) {
    problems.push({ path, expected: meant[1], got });
    return;
  }
  const expected = `one of ${FORMS.map(([, form]) => form).join(', ')}`;
  const nearest = FORMS.map(([known]) => known)
    .filter((known) => distance(known, name) <= SLIP_EDITS_MAX)
    .sort((a, b) => distance(a, name) - distance(b, name))[0];
  problems.push(nearest === undefined ? { path, expected, got } : { path, expected, got, nearest });
}

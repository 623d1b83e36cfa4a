/** A bundle as an implementation that runs. Meant for a worker: a loaded module never goes away. */
import type { Implementation } from '../../sim/run.ts';
import type { Bundle } from './bundle.ts';

type Exports = Pick<Implementation, 'createServer' | 'createStateMachine'>;

export async function loadBundle({
  id,
  code,
}: Pick<Bundle, 'id' | 'code'>): Promise<Implementation> {
  const encoded = Buffer.from(code, 'utf8').toString('base64');
  const exports = (await import(`data:text/javascript;base64,${encoded}`)) as Exports;
  const { createServer, createStateMachine } = exports;
  return { id, createServer, createStateMachine, isTrusted: true };
}

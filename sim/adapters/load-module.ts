/** From the text of a bundled module to the servers that it makes. */
import type { CreateServer } from '../../core/contract.ts';
import { thrownWords } from '../thrown.ts';
import { show } from '../usage-error.ts';
import { HarnessError } from './harness-error.ts';

/** Loads the module. Throws a HarnessError when it throws, or does not export `createServer`. */
export async function loadModule(code: string): Promise<CreateServer> {
  let module: Record<string, unknown>;
  try {
    module = await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
  } catch (error) {
    throw new HarnessError(
      `The module throws when it is loaded: ${thrownWords(error).replace(/\.$/, '')}.`,
      {
        cause: error,
      },
    );
  }
  // A CommonJS module has its exports in one object.
  const inDefault = module['default'] as { createServer?: unknown } | null | undefined;
  const createServer = module['createServer'] ?? inDefault?.createServer;
  if (typeof createServer === 'function') return createServer as CreateServer;
  const names = Object.keys(module).sort((a, b) => (a < b ? -1 : 1));
  const exported = names.length === 0 ? 'nothing' : names.join(', ');
  const got = createServer === undefined ? `a module that exports ${exported}` : show(createServer);
  throw new HarnessError(`Expected a module that exports the function createServer, got ${got}.`);
}

/** Where in somebody's files an exception was thrown. */
import type { SourcePlaces } from '../sim/isolation/source-places.ts';

interface Thrown {
  readonly detail: string | null;
  readonly stack: string | null;
}

/** Of a module that was bundled; null for our own code. */
export async function sourcePlacesOf(sut: string | null): Promise<SourcePlaces | null> {
  if (sut === null) return null;
  const { bundleModule } = await import('../sim/adapters/bundle-module.ts');
  const { SourcePlaces } = await import('../sim/isolation/source-places.ts');
  return new SourcePlaces((await bundleModule(sut)).map);
}

/** The stack with places in the files, and the first of them at the end of the sentence. */
export function withPlaces<T extends Thrown>(thrown: T, places: SourcePlaces | null): T {
  if (thrown.stack === null || places === null) return thrown;
  const { stack, first } = places.inStack(thrown.stack);
  const { detail } = thrown;
  const isNew = detail !== null && first !== '' && !detail.includes(first);
  return { ...thrown, stack, detail: isNew ? detail.replace(/\.$/, ` (${first}).`) : detail };
}

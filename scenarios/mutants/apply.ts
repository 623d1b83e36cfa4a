/** Applies the edits of a mutant to the sources of the core, in memory. */
import { nearestName, show } from '../../sim/usage-error.ts';
import type { CoreSources } from './core-sources.ts';
import type { Mutant } from './mutant.ts';

/** An edit that does not fit the sources. */
export class EditError extends Error {
  override readonly name = 'EditError';
  /** Place of the edit in its mutant, from 0. */
  readonly edit: number;
  readonly key: 'file' | 'find';
  readonly expected: string;
  readonly got: string;
  readonly nearest: string | null;

  constructor(
    mutantId: string,
    at: { readonly edit: number; readonly key: 'file' | 'find' },
    words: { readonly expected: string; readonly got: string; readonly nearest: string | null },
  ) {
    super(`${mutantId}: expected ${words.expected}, got ${words.got} (edits[${at.edit}]).`);
    this.edit = at.edit;
    this.key = at.key;
    this.expected = words.expected;
    this.got = words.got;
    this.nearest = words.nearest;
  }
}

/** The edited files only, whole, by path. Throws EditError when an edit does not match once. */
export function applyEdits(
  mutant: Pick<Mutant, 'id' | 'edits'>,
  sources: CoreSources,
): CoreSources {
  const edited = new Map<string, string>();
  for (const [place, { file, find, replace }] of mutant.edits.entries()) {
    const text = edited.get(file) ?? sources.get(file);
    if (text === undefined) {
      const files = [...sources.keys()];
      const at = { edit: place, key: 'file' } as const;
      const nearest = nearestName(file, files);
      throw new EditError(mutant.id, at, {
        expected: 'a file of the core, as core/rules.ts',
        got: JSON.stringify(file),
        nearest,
      });
    }
    const parts = text.split(find);
    if (parts.length !== 2) {
      const at = { edit: place, key: 'find' } as const;
      throw new EditError(mutant.id, at, {
        expected: `a text that stands exactly once in ${file}`,
        got: `${show(find)}, which stands ${parts.length - 1} times`,
        nearest: null,
      });
    }
    edited.set(file, parts.join(replace));
  }
  return edited;
}

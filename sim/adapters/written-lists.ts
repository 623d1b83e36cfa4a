/** How long the lists of a life's streams are, as far as the life has written them. */
import type { ProgramWrite } from '../protocol/actions.ts';
import type { DurableStream } from '../protocol/events.ts';

interface List {
  first: number;
  /** Where the next append goes; NaN once a write has failed: nobody knows any more. */
  end: number;
}

export class WrittenLists {
  private readonly lists = new Map<string, List>();

  constructor(durable: Readonly<Record<string, DurableStream>> | null) {
    for (const [name, { firstIndex, entries }] of Object.entries(durable ?? {})) {
      this.lists.set(name, { first: firstIndex, end: firstIndex + entries.length });
    }
  }

  get count(): number {
    return this.lists.size;
  }

  /** A write has failed, and perhaps more with it. */
  forget(): void {
    for (const list of this.lists.values()) list.end = Number.NaN;
  }

  /** Takes a write into account; a sentence when it leaves a hole in the list, else null. */
  take(stream: string, write: ProgramWrite): string | null {
    let list = this.lists.get(stream);
    if (list === undefined) {
      list = { first: 1, end: 1 };
      this.lists.set(stream, list);
    }
    if ('append' in write) list.end += write.append.length;
    else if ('truncateFrom' in write) {
      list.end = Math.min(list.end, Math.max(list.first, write.truncateFrom));
    } else if ('compactTo' in write) {
      list.first = Math.max(list.first, write.compactTo + 1);
      list.end = Math.max(list.end, list.first);
    } else if ('overwrite' in write) {
      const { index, entries } = write.overwrite;
      if (index > list.end) {
        return `"write.overwrite.index" is ${index}, and the list "${stream}" ends at ${list.end - 1}`;
      }
      list.end = Math.max(list.end, index + entries.length);
    }
    return null;
  }
}

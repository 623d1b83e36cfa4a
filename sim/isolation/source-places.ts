/** From places in a bundle to places in the files that it was made of. */
import { SourceMap, type SourceMapPayload } from 'node:module';
import { relative } from 'node:path';
import { moduleVariables } from './module-variables.ts';

/** As thrownStack writes it. */
const BUNDLE_PLACE = /\bmodule:(\d+):(\d+)/g;

export class SourcePlaces {
  private readonly payload: SourceMapPayload;
  private readonly map: SourceMap;

  /** `text` is a source map with the text of the sources. */
  constructor(text: string) {
    this.payload = JSON.parse(text) as SourceMapPayload;
    this.map = new SourceMap(this.payload);
  }

  /** "raft.ts:42"; empty when it is not known. Both numbers are from 1. */
  placeOf(line: number, column: number): string {
    const entry = this.map.findEntry(line - 1, column - 1);
    if (!('originalSource' in entry)) return '';
    return `${shown(entry.originalSource)}:${entry.originalLine + 1}`;
  }

  /** A stack with these places in it, and the first of them; `module` stands for the bundle. */
  inStack(stack: string): { readonly stack: string; readonly first: string } {
    let first = '';
    const replaced = stack.replaceAll(BUNDLE_PLACE, (whole, line: string, column: string) => {
      const place = this.placeOf(Number(line), Number(column));
      first ||= place;
      return place === '' ? whole : place;
    });
    return { stack: replaced, first };
  }

  /** "lives (raft.ts:4)": the likely ones, or else the others. Packages are left out. */
  variables(): readonly string[] {
    const all = this.payload.sources.flatMap((source, i) => {
      if (source.includes('node_modules/')) return [];
      const found = moduleVariables(this.payload.sourcesContent[i] ?? '');
      return found.map((one) => ({ ...one, text: `${one.name} (${shown(source)}:${one.line})` }));
    });
    const likely = all.filter(({ isLikely }) => isLikely);
    return (likely.length > 0 ? likely : all).map(({ text }) => text);
  }
}

/** As the user knows it: from where the user is. */
function shown(source: string): string {
  return relative('.', source.replace(/^file:\/\//, ''));
}

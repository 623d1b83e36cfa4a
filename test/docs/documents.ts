/** The documentation as text: files, their headings, links and blocks of code. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

export const REPOSITORY = dirname(dirname(import.meta.dirname));

/** Every page that users read, by its path from the repository. */
export const PAGES: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(REPOSITORY, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `docs/${name}`),
];

export function read(path: string): string {
  return readFileSync(join(REPOSITORY, path), 'utf8');
}

export interface Block {
  readonly page: string;
  /** What stands behind the opening fence: `sh`, `console`, `ts`, `yaml`, or nothing. */
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of code of a page, and those of four spaces, which have no language. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let fence: string[] | null = null;
  let language = '';
  for (const line of read(page).split('\n')) {
    const mark = /^```(\w*)/.exec(line);
    if (mark !== null && fence === null) {
      fence = [];
      language = mark[1]!;
    } else if (mark !== null) {
      blocks.push({ page, language, text: fence!.join('\n') });
      fence = null;
    } else if (fence !== null) fence.push(line);
    else if (/^ {4}\S/.test(line)) blocks.push({ page, language: '', text: line.trim() });
  }
  return blocks;
}

/** A page without its blocks of code: what is prose there is not looked for in programs. */
export function proseOf(page: string): string {
  return read(page)
    .replaceAll(/^```[\s\S]*?^```$/gm, '')
    .replaceAll(/^ {4}\S.*$/gm, '');
}

export interface Link {
  readonly page: string;
  readonly target: string;
  /** Path from the repository; that of the page itself for `#heading`. */
  readonly path: string;
  readonly anchor: string | null;
}

/** The links of a page that stay in the repository. */
export function linksOf(page: string): Link[] {
  return [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path, anchor] = target.split('#');
      const from = path === '' ? page : posix.join(posix.dirname(page), path!);
      return { page, target, path: from, anchor: anchor ?? null };
    });
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(page: string): string[] {
  return [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

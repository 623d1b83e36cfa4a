/** Named pipes between the bench and the programs that it starts. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Made at a time: making them starts a program. */
const PIPES = 32;

export class Pipes {
  private readonly folder: string;
  private readonly paths: string[] = [];
  private made = 0;

  constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * A pipe with a blocking end for us. While both ends are being opened something must hold it
   * open, or the first would wait for the second. Nobody else can open it: its name is gone.
   */
  open(): { readonly reader: number; readonly writer: number } {
    const path = this.paths.pop() ?? this.make();
    const holder = openSync(path, constants.O_RDWR);
    const reader = openSync(path, constants.O_RDONLY);
    const writer = openSync(path, constants.O_WRONLY);
    closeSync(holder);
    unlinkSync(path);
    return { reader, writer };
  }

  private make(): string {
    for (let i = 0; i < PIPES; i += 1) {
      this.made += 1;
      this.paths.push(join(this.folder, `pipe${this.made}`));
    }
    execFileSync('mkfifo', this.paths);
    return this.paths.pop()!;
  }
}

/**
 * How the ids of logs change when their beginning is forgotten. Those that are still told apart move
 * down; all others, and what is committed among them, become id 0.
 */
export class Renumbering {
  readonly down: number;
  private readonly keptFrom: number;
  private readonly gone: ReadonlySet<number>;

  /** Ids from `keptFrom` on are kept and move down by `down`, but for those that are `gone`. */
  constructor(keptFrom: number, gone: ReadonlySet<number>, down: number) {
    this.keptFrom = keptFrom;
    this.gone = gone;
    this.down = down;
  }

  of(id: number): number {
    return id < this.keptFrom || this.gone.has(id) ? 0 : id - this.down;
  }
}

/**
 * How the ids of logs change when their beginning is forgotten. What was committed through there is
 * the new id 0; ids that are still told apart move down; all others stand for nothing any more.
 */
export class Renumbering {
  private readonly keptFrom: number;
  private readonly root: number;
  readonly down: number;

  /** Ids from `keptFrom` on are kept, but for `root`; they move down by `down`. */
  constructor(keptFrom: number, root: number, down: number) {
    this.keptFrom = keptFrom;
    this.root = root;
    this.down = down;
  }

  /** The new id; 0 also for what is forgotten. */
  of(id: number): number {
    return id < this.keptFrom || id === this.root ? 0 : id - this.down;
  }
}

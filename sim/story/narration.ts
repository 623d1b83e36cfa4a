/** What the parts of a story share while it is told. */
import type { NodeId } from '../../core/messages.ts';
import type { Beat } from './beat.ts';
import type { ToldServer } from './told-server.ts';

/** A message on its way. */
export interface Letter {
  readonly from: NodeId;
  readonly sentUs: number;
  readonly senderBoot: number;
  arrivals: number;
}

export interface Narration {
  readonly size: number;
  readonly letters: Map<number, Letter>;
  /** Longer than this on its way, and a message is late. */
  readonly lateUs: number;
  /** The step that is told, and the time. */
  readonly step: number;
  atUs: number;
  /** How many links are cut. */
  cutCount: number;
  server(node: NodeId): ToldServer;
  tell(beat: Pick<Beat, 'nodes' | 'weight' | 'text'> & Partial<Beat>): void;
}

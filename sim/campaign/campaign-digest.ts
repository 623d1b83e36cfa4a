/**
 * One number for all runs of a campaign: a sum, so it depends neither on the order in which runs
 * end nor on who made them, and the digests of shards add up to the digest of the whole.
 */
import { Digest } from '../kernel/digest.ts';

export class CampaignDigest {
  private sum = 0n;

  /** Adds the digest of the run of one seed. */
  add(seed: string, runDigest: string): void {
    const digest = new Digest();
    digest.text(seed);
    digest.text(runDigest);
    this.merge(digest.toString());
  }

  /** Adds the digest of other runs; 16 hexadecimal digits. */
  merge(other: string): void {
    this.sum = BigInt.asUintN(64, this.sum + BigInt(`0x${other}`));
  }

  /** 16 hexadecimal digits. */
  toString(): string {
    return this.sum.toString(16).padStart(16, '0');
  }
}

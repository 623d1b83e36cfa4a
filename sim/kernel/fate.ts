/** What the network does to one message. */
export interface Fate {
  /** 0: lost; 2: both delays count. */
  copies: number;
  delayUs: number;
  secondDelayUs: number;
  /** In [0, 1): an old message comes once more, and this chooses it; -1: none does. */
  graveLuck: number;
}

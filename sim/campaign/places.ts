/** Places of the implementations that the workers of a campaign are given. */
export const UNDER_TEST = 0;
/** Judged by every property, whatever the campaign leaves out. */
export const CANARY = 1;

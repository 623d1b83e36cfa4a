/** A mutant that every campaign must catch: a bench that is silent about it is blind. */
export const CANARY = 'revote-same-term';

/** It is caught within the first few of these seeds. */
export const CANARY_SEEDS: readonly string[] = ['1', '2', '3', '4', '5', '6', '7', '8'];

/** `from * LINK_BASE + to` names a directed link; servers are 1 … 7. */
export const LINK_BASE = 8;

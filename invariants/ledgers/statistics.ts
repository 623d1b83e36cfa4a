/** Counts of what happened in a run, for reports; no verdict rests on them. */
export class Statistics {
  messagesSent = 0;
  messagesDelivered = 0;
  messagesLost = 0;
  writes = 0;
  starts = 0;
  crashes = 0;
  /** Terms in which somebody stood for election. */
  elections = 0;
  leaders = 0;
  termMax = 0;
  committedEntries = 0;
  committedCommands = 0;
  invoked = 0;
  acknowledged = 0;
  failed = 0;
  unknown = 0;
  /** Of client histories that were searched for an order of their own. */
  historiesChecked = 0;
  historiesUndecided = 0;
}

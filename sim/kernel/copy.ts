/**
 * What crosses the border between a server and the world. Two servers, or a server and its disk,
 * must never share an object that one of them may change.
 */
export type Copy = <T>(value: T) => T;

/** For ours: bodies, writes and entries are never changed once made, which their types enforce. */
export function keepShared<T>(value: T): T {
  return value;
}

/** For implementations that are not ours: nothing stays shared. */
export function copyDeep<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

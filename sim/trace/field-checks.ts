/** Checks of single fields, and how they are put together: each says what it would have expected. */

/** What was expected instead, or null when the value is right. */
export type Check = (value: unknown) => string | null;
export type Fields = Readonly<Record<string, Check>>;

export const whole: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? null : 'a whole number from 0';
export const node: Check = (value) =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 7
    ? null
    : 'a server from 1 to 7';
export const nodeOrNone: Check = (value) => (value === 0 ? null : node(value) && 'a server or 0');
export const text: Check = (value) => (typeof value === 'string' ? null : 'a text');
export const textOrNull: Check = (value) =>
  value === null ? null : text(value) && 'a text or null';
export const flag: Check = (value) => (typeof value === 'boolean' ? null : 'true or false');
/** Of a message or a write, where an implementation may put any number. */
export const number: Check = (value) => (Number.isFinite(value) ? null : 'a number');

/** Whatever JSON can carry, also null. */
export const given: Check = (value) => (value === undefined ? 'a value' : null);

export const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    values.includes(value as string) ? null : `one of ${values.join(', ')}`;

export const listOf =
  (item: Check): Check =>
  (value) => {
    if (!Array.isArray(value)) return 'a list';
    for (const element of value) {
      const expected = item(element);
      if (expected !== null) return `a list in which each element is ${expected}`;
    }
    return null;
  };

/** A field that is not there where the option that it belongs to is off. */
export const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined ? null : check(value);
export const present = optional((value) => (value === true ? null : 'true or absent'));

/** An object that has these fields, perhaps more. */
export const having =
  (name: string, fields: Fields): Check =>
  (value) => {
    if (!isObject(value)) return name;
    for (const field of Object.keys(fields)) {
      const expected = fields[field]!(value[field]);
      if (expected !== null) return `${name} in which ${field} is ${expected}`;
    }
    return null;
  };

/** An object whose kind says which fields it has; kinds that are not listed have any. */
export const byKind =
  (name: string, kinds: Readonly<Record<string, Check>>, isOpen: boolean): Check =>
  (value) => {
    if (!isObject(value) || typeof value['kind'] !== 'string') return `${name} with a kind`;
    const check = Object.hasOwn(kinds, value['kind']) ? kinds[value['kind']] : undefined;
    if (check !== undefined) return check(value);
    return isOpen ? null : `${name} of kind ${Object.keys(kinds).join(', ')}`;
  };

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

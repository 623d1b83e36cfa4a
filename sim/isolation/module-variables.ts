/** Variables of a module that can change: where memory may hide that outlives a server. */

export interface ModuleVariable {
  readonly name: string;
  readonly line: number;
  /** let and var, maps and sets; or a list or group that may as well be a constant table. */
  readonly isLikely: boolean;
}

const CHANGEABLE = /^(?:export\s+)?(?:let|var)\s+([\w$]+)/;
const CONTAINER = /^(?:export\s+)?const\s+([\w$]+)[^=]*=\s*new\s+\w*(?:Map|Set|Array)\b/;
const LITERAL = /^(?:export\s+)?const\s+([\w$]+)[^=]*=\s*[[{]/;
const STATIC =
  /^\s+(?:private |protected |public )?static\s+(?!readonly\b|\w+\s*\()(#?[\w$]+)\s*[:=]/;
const GLOBAL = /\bglobalThis\.([\w$]+)\s*(?:\?\?|\|\|)?=[^=]/;

/** Looks at the text of a module, line by line: good enough for a hint, and for no more. */
export function moduleVariables(source: string): readonly ModuleVariable[] {
  const variables: ModuleVariable[] = [];
  source.split('\n').forEach((text, i) => {
    const forms = [CHANGEABLE, CONTAINER, STATIC, GLOBAL];
    const name = forms.map((form) => form.exec(text)?.[1]).find((found) => found !== undefined);
    const literal = LITERAL.exec(text)?.[1];
    if (name !== undefined) variables.push({ name, line: i + 1, isLikely: true });
    else if (literal !== undefined) variables.push({ name: literal, line: i + 1, isLikely: false });
  });
  return variables;
}

import {
  type Alias,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import { expand } from './placeholders.js';

type Path = readonly PropertyKey[];

/** An error in the YAML itself; the path is empty when no field can be named. */
export type Flaw = { line: number; column: number; path: Path; what: string; hint: string };

/** A YAML file as data that can find the line and column of each field. */
export type ConfigDocument = {
  /** Undefined when the text is not YAML. */
  value: unknown;
  flaws: Flaw[];
  /** Position of the field, or of its parent when the field is missing. */
  place(path: Path, part: 'key' | 'value'): { line: number; column: number };
  /** Whether `${NAME}` was replaced in the value, which is then never shown. */
  secrecy(path: Path): 'none' | 'expanded' | 'unset';
};

const MAX_BYTES = 5_000_000;
/** Enough for shared defaults. Without a limit, a few nested anchors could expand to gigabytes. */
const MAX_ALIASES = 200;

const HINTS: Record<string, string> = {
  TAB_AS_INDENT: 'indent with spaces; YAML does not allow tabs',
  DUPLICATE_KEY: 'remove one of the two',
  BAD_INDENT: 'indent it like the lines around it',
  MULTIPLE_DOCS: 'remove the --- line; one file is one document',
  MISSING_CHAR: 'close the bracket or quote, or put the text in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'indent it like the lines around it, or put the text before the colon in quotes',
  MULTILINE_IMPLICIT_KEY: 'end the line before with a colon, or put the text in quotes',
  BAD_SCALAR_START: 'put the text in quotes',
  UNEXPECTED_TOKEN: 'put the text in quotes, or remove what is not needed',
};

/** Reads YAML 1.2 (with merge keys) and fills in `${NAME}` from `variables`. */
export function readDocument(text: string, variables: NodeJS.ProcessEnv): ConfigDocument {
  const flaws: Flaw[] = [];
  const at = placesOf(text);
  const report = (offset: number, what: string, hint: string, path: PropertyKey[] = []) => {
    flaws.push({ ...at(offset), path, what, hint });
  };
  const nothing: ConfigDocument = {
    value: undefined,
    flaws,
    place: () => ({ line: 1, column: 1 }),
    secrecy: () => 'none',
  };
  if (text.length > MAX_BYTES) {
    report(0, 'is larger than 5 MB', 'split the outlets over several installations');
    return nothing;
  }
  const doc = parseDocument(text, { prettyErrors: false, merge: true, strict: true });
  // The composer recurses: thousands of nested brackets exhaust its stack, which it reports among its errors.
  if (doc.errors.some((e) => e.message.includes('call stack'))) {
    report(0, 'is nested too deeply for a configuration', 'remove the surplus brackets or indentation');
    return nothing;
  }
  for (const e of [...doc.errors, ...doc.warnings])
    report(e.pos[0], saidOf(e, text), HINTS[e.code] ?? 'correct the YAML here');
  if (doc.errors.some((e) => e.code !== 'DUPLICATE_KEY')) return nothing;

  const secrecy = new Map<Node, 'expanded' | 'unset'>();
  visit(doc, {
    Scalar(role, node, ancestors) {
      if (role === 'key' || typeof node.value !== 'string' || !node.value.includes('${')) return;
      const { text: filled, named, faults } = expand(node.value, variables);
      node.value = filled;
      if (named) secrecy.set(node, faults.length > 0 ? 'unset' : 'expanded');
      for (const fault of faults) report(node.range?.[0] ?? 0, fault.what, fault.hint, pathOf([...ancestors, node]));
    },
  });

  /** Keys win over merged ones, as in `toJS`. */
  const pairOf = (map: Node, key: PropertyKey): Pair | null => {
    if (!isMap(map)) return null;
    const own = map.items.find((p) => isScalar(p.key) && !isMerge(p.key) && String(p.key.value) === String(key));
    if (own !== undefined) return own;
    for (const p of map.items) {
      if (!isMerge(p.key) || !isNode(p.value)) continue;
      const merged = resolve(p.value);
      for (const from of isSeq(merged) ? merged.items : [merged]) {
        const found = isNode(from) ? pairOf(resolve(from), key) : null;
        if (found !== null) return found;
      }
    }
    return null;
  };
  const resolve = (node: Node): Node => (isAlias(node) ? (node.resolve(doc) ?? node) : node);
  const step = (node: Node, key: PropertyKey): Node | Pair | null => {
    if (!isSeq(node)) return pairOf(node, key);
    const item = node.items[Number(key)];
    return isNode(item) ? item : null;
  };
  const walk = (path: Path): { node: Node | null; pair: Pair | null; whole: boolean } => {
    let node: Node | null = doc.contents;
    let pair: Pair | null = null;
    for (const key of path) {
      const next: Node | Pair | null = node === null ? null : step(resolve(node), key);
      if (next === null) return { node, pair, whole: false };
      pair = isPair(next) ? next : null;
      node = isPair(next) ? (isNode(next.value) ? next.value : null) : next;
    }
    return { node, pair, whole: true };
  };

  let value: unknown;
  try {
    value = doc.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const aliases: Alias[] = [];
    visit(doc, { Alias: (_, node) => void aliases.push(node) });
    const lost = aliases.find((alias) => alias.resolve(doc) === undefined);
    const where = (lost ?? aliases[0])?.range?.[0] ?? 0;
    if (lost !== undefined)
      report(where, `there is no anchor &${lost.source} above`, 'define it above, or correct the name');
    else report(where, 'the *aliases expand to too much text', 'write the values out instead of repeating them');
  }
  return {
    value,
    flaws,
    place(path, part) {
      const { node, pair, whole } = walk(path);
      const key = pair !== null && isNode(pair.key) ? pair.key : null;
      const empty = node === null || (isScalar(node) && node.value === null);
      const target = whole && (part === 'key' || empty) && key !== null ? key : (node ?? key);
      return at(target?.range?.[0] ?? 0);
    },
    secrecy(path) {
      const { node, whole } = walk(path);
      return (whole && node !== null && secrecy.get(resolve(node))) || 'none';
    },
  };
}

function saidOf(error: YAMLError, text: string): string {
  if (error.code === 'DUPLICATE_KEY')
    return `"${/^[^:\n]*/.exec(text.slice(error.pos[0]))?.[0].trim()}" is given twice`;
  return `is not valid YAML: ${error.message.replace(/\s+/g, ' ').split('; ')[0]}`;
}

/** The way down to the last of `chain`, which starts at the document. */
function pathOf(chain: readonly unknown[]): PropertyKey[] {
  return chain.flatMap((node, i): PropertyKey[] => {
    if (isPair(node)) return isScalar(node.key) ? [String(node.key.value)] : [];
    return isSeq(node) ? [node.items.indexOf(chain[i + 1])] : [];
  });
}

/** `<<` itself is read as a symbol, `"<<"` in quotes as text. */
const isMerge = (key: unknown): boolean => isScalar(key) && typeof key.value === 'symbol';

/** Converts offsets to lines and columns. The parser's own counter stops where its lexer gave up. */
function placesOf(text: string): (offset: number) => { line: number; column: number } {
  const starts = [0, ...[...text.matchAll(/\n/g)].map((m) => m.index + 1)];
  return (offset) => {
    const inside = Math.min(offset, text.length);
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= inside) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: inside - (starts[low] ?? 0) + 1 };
  };
}

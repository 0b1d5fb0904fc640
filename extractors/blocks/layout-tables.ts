import type { Part } from './tree.js';

/** What only tables of data have. */
const OF_DATA = new Set(['caption', 'th', 'thead', 'colgroup']);
/** What only pages laid out by tables hold in a cell. */
const OF_PAGES = new Set(['table', 'h1', 'nav', 'header', 'footer', 'form']);
/** Characters in one cell that are no datum any more. */
const LONG_CELL = 600;

const known = new WeakMap<Part, boolean>();

/**
 * Whether a cell is a place on the page rather than a datum: old pages are laid out with tables. By its table, much as
 * browsers tell assistive software (HTML-AAM; Readability's `_markDataTables` asks the same of the table's form).
 */
export function isLayoutCell(cell: Part): boolean {
  let table: Part | null = cell.up;
  while (table && table.tag !== 'table') table = table.up;
  if (table === null) return false;
  const had = known.get(table);
  if (had !== undefined) return had;
  const layout = isLayout(table);
  known.set(table, layout);
  return layout;
}

function isLayout(table: Part): boolean {
  const { role } = table.attrs;
  if (role === 'presentation' || role === 'none') return true;
  const tags = new Set<string>();
  let longest = 0;
  const walk = (part: Part): number => {
    let length = 0;
    for (const child of part.children) {
      if (typeof child === 'string') length += child.trim().length;
      else if (!child.hidden) {
        tags.add(child.tag);
        length += walk(child);
      }
    }
    if (part.tag === 'td') longest = Math.max(longest, length);
    return length;
  };
  walk(table);
  if ([...OF_PAGES].some((tag) => tags.has(tag))) return true;
  return longest >= LONG_CELL && ![...OF_DATA].some((tag) => tags.has(tag));
}

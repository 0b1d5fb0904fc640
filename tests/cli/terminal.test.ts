import { describe, expect, it } from 'vitest';
import { loggerFor } from '../../cli/open.js';
import { Terminal } from '../../cli/terminal.js';
import { ago, count, wrap } from '../../cli/wording.js';
import { createLogger } from '../../config/logger.js';

function terminal(options: { columns?: number; json?: boolean; env?: NodeJS.ProcessEnv } = {}) {
  const said = { out: '', err: '' };
  const output = (to: 'out' | 'err') => ({
    write: (text: string) => {
      said[to] += text;
    },
    isTTY: options.columns !== undefined,
    columns: options.columns ?? 80,
  });
  const { signal } = new AbortController();
  const t = new Terminal(
    { stdout: output('out'), stderr: output('err'), env: options.env ?? {}, signal },
    options.json ?? false,
  );
  return { t, said };
}

const columns = [{ head: 'id' }, { head: 'title', grow: true }, { head: 'n', align: 'right' as const }];
const rows = [['a1', 'A headline that is much longer than a narrow terminal would ever show', '12']];

describe('terminal', () => {
  it('cuts the growing column of a table where the terminal ends, and nothing in a pipe', () => {
    const narrow = terminal({ columns: 40, env: { NO_COLOR: '1' } });
    narrow.t.table(columns, rows);
    expect(Math.max(...narrow.said.out.split('\n').map((l) => l.length))).toBeLessThanOrEqual(40);
    expect(narrow.said.out).toMatch(/A headline that.*…\s+12/);
    const pipe = terminal();
    pipe.t.table(columns, rows);
    expect(pipe.said.out).toContain(rows[0]?.[1]);
  });

  it('colours on a terminal only, and not where NO_COLOR is set', () => {
    expect(terminal({ columns: 80 }).t.style('red', 'x')).toBe('\u001b[31mx\u001b[39m');
    expect(terminal({ columns: 80, env: { NO_COLOR: '1' } }).t.style('red', 'x')).toBe('x');
    expect(terminal().t.style('red', 'x')).toBe('x');
  });

  it('says nothing for people with --json, and the result on one line', () => {
    const { t, said } = terminal({ json: true });
    t.print('hello');
    t.note('on the way');
    t.table(columns, rows);
    t.result({ a: ['b'] });
    expect(said).toEqual({ out: '{"a":["b"]}\n', err: '' });
  });

  it('shows progress in a pipe as lines, at most one in two seconds', () => {
    const { t, said } = terminal();
    const meter = t.meter('Pass');
    for (let done = 1; done <= 50; done++) meter.update({ done, all: 50, text: `${done} of 50`, data: { done } });
    meter.end();
    expect(said.err).toBe('Pass: 1 of 50\n');
  });

  it('logs JSON lines in a pipe and lines for reading on a terminal', () => {
    const pipe = terminal();
    loggerFor(pipe.t, { logLevel: null }, 'warn').warn({ source: 'a' }, 'slow');
    expect(JSON.parse(pipe.said.err)).toMatchObject({ source: 'a', msg: 'slow' });
    const live = terminal({ columns: 80, env: { NO_COLOR: '1' } });
    loggerFor(live.t, { logLevel: null }, 'warn').warn({ source: 'a' }, 'slow');
    expect(live.said.err).toMatch(/^\[\d\d:\d\d:\d\d\] WARN: slow \{"source":"a"\}\n$/);
    expect(live.said.out).toBe('');
  });

  it('keeps secrets out of the log', () => {
    let line = '';
    const write = (text: string) => {
      line = text;
    };
    const log = createLogger('info', { write });
    log.info({ headers: { authorization: 'Bearer x1' }, source: { proxy: 'http://me:x2@p' } }, 'asked');
    expect(line).not.toMatch(/x1|x2/);
  });
});

describe('wording', () => {
  it('breaks lines between words and keeps words that are too long', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('https://example.org/long a', 5)).toEqual(['https://example.org/long', 'a']);
    expect(wrap('a\nb', Number.POSITIVE_INFINITY)).toEqual(['a', 'b']);
  });

  it('counts and tells time in words', () => {
    const now = new Date('2026-03-02T12:00:00Z');
    expect([count(1, 'page'), count(2, 'page'), count(0, 'try', 'tries')]).toEqual(['1 page', '2 pages', '0 tries']);
    expect(ago(null, now)).toBe('never');
    expect(ago(new Date('2026-03-02T11:15:00Z'), now)).toBe('45 min ago');
    expect(ago(new Date('2026-02-27T12:00:00Z'), now)).toBe('3 d ago');
  });
});

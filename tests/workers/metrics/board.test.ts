import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { METRICS } from '../../../workers/metrics/definitions.js';
import { createMeter } from '../../../workers/metrics/meter.js';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../../docs/grafana');
const read = (file: string) => readFileSync(join(folder, file), 'utf8');

type Panel = { title: string; targets: { expr: string }[]; gridPos: { x: number; y: number; w: number; h: number } };
const { panels }: { panels: Panel[] } = JSON.parse(read('sourcelink.json'));
const { groups }: { groups: { rules: { alert: string; expr: string }[] }[] } = parse(read('alerts.yaml'));
const boardQueries = panels.flatMap((p) => p.targets.map((t) => t.expr));
const ruleQueries = groups.flatMap((g) => g.rules.map((r) => r.expr));

const named = (expr: string) => [...expr.matchAll(/\b(?:sourcelink|process|nodejs)_\w+/g)].map((m) => m[0]);
const labelled = (expr: string) =>
  [...expr.matchAll(/\b(sourcelink_\w+)\{([^}]*)\}/g)].flatMap(([, name = '', inner = '']) =>
    [...inner.matchAll(/(\w+)\s*[=!]/g)].map(([, label = '']) => ({ name, label })),
  );

/** Every series name that a scrape can hold. */
async function series(): Promise<Set<string>> {
  const meter = createMeter();
  meter.watchProcess();
  const text = await meter.text('all');
  return new Set(
    [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
}

describe('the Grafana board and the alert rules', () => {
  it('ask only for metrics that there are', async () => {
    const there = await series();
    const asked = [...boardQueries, ...ruleQueries].flatMap(named);
    expect(asked.length).toBeGreaterThan(30);
    expect([...new Set(asked)].filter((n) => !there.has(n))).toEqual([]);
  });

  it('select by labels that those metrics have', () => {
    const asked = [...boardQueries, ...ruleQueries].flatMap(labelled);
    expect(asked.length).toBeGreaterThan(5);
    const wrong = asked.filter(({ name, label }) => {
      const metric = Object.entries(METRICS).find(([n]) => name === n || name.startsWith(`${n}_`));
      return !metric?.[1].labels.some((l) => l === label);
    });
    expect(wrong).toEqual([]);
  });

  it('show every metric somewhere, on panels that do not lie on each other', () => {
    const shown = new Set(boardQueries.flatMap(named).map((n) => n.replace(/_(?:bucket|sum|count)$/, '')));
    const kept = ['sourcelink_sink_failures', 'sourcelink_sink_paused', 'sourcelink_last_visit_seconds'];
    expect(Object.keys(METRICS).filter((n) => !shown.has(n) && !kept.includes(n))).toEqual([]);
    const cells = panels.flatMap(({ gridPos: g }) =>
      Array.from({ length: g.w * g.h }, (_, i) => `${g.x + (i % g.w)},${g.y + Math.floor(i / g.w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});

describe('the names of metrics', () => {
  it('follow the conventions: a prefix, base units, `_total` for counters alone', () => {
    const wrong = Object.entries(METRICS).filter(([name, m]) => {
      const total = name.endsWith('_total') === (m.type === 'counter');
      const unit = m.type !== 'histogram' || name.endsWith('_seconds');
      return !/^sourcelink_[a-z_]+$/.test(name) || !total || !unit || /_(?:ms|millis|kb|minutes)(?:_|$)/.test(name);
    });
    expect(wrong.map(([name]) => name)).toEqual([]);
  });
});

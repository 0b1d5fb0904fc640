import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseRobots } from '../../crawlers/net/robots-rules.js';

type Case = { test: string; robots: string; ua: string; url: string; allowed: boolean };

const file = join(process.env['SOURCELINK_CORPORA'] ?? '../shared/corpora', 'robots', 'cases.json');
const present = existsSync(file);
if (!present) console.log(`robots: ${file} is not there; its cases are skipped`);
const cases: Case[] = present ? JSON.parse(readFileSync(file, 'utf8')) : [];

const isGoogles = (c: Case) => c.test.startsWith('GoogleOnly_');
const lacksColon = (c: Case) => c.robots.split('\n').some((line) => line.trim() !== '' && !line.includes(':'));
const agrees = (c: Case) => parseRobots(c.robots, c.ua).allows(c.url) === c.allowed;
const brief = (c: Case) => `${c.test}: ${c.ua} ${c.url} should be ${c.allowed ? 'allowed' : 'refused'}`;

describe.skipIf(!present)('robots.txt, on the cases of google/robotstxt', () => {
  it('agrees with every case of the standard', () => {
    const standard = cases.filter((c) => !isGoogles(c) && !lacksColon(c));
    expect(standard.length).toBeGreaterThan(50);
    expect(standard.filter((c) => !agrees(c)).map(brief)).toEqual([]);
  });

  it("agrees with most of Google's own habits, which are counted apart", () => {
    const googles = cases.filter((c) => isGoogles(c) || lacksColon(c));
    const right = googles.filter(agrees);
    const others = googles.filter((c) => !agrees(c)).map((c) => c.test);
    console.log(
      `robots: ${right.length} of ${googles.length} of Google's own cases; not: ${others.join(', ') || 'none'}`,
    );
    expect(right.length / googles.length).toBeGreaterThan(0.9);
  });
});

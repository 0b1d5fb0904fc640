import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { readAudit } from '../../supply/audit.js';
import { checkout } from '../../supply/checkout.js';

const { root } = checkout();
const ADVISORY = {
  undici: [
    {
      id: 1,
      title: 'Made up',
      url: 'https://advisories.example/1',
      severity: 'high',
      vulnerable_versions: '<99',
      cwe: [],
      cvss: { score: 9, vectorString: null },
    },
  ],
};

const cache = mkdtempSync(join(tmpdir(), 'sourcelink-audit-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

let registry: Server | null = null;
afterEach(() => new Promise<void>((done) => (registry ? registry.close(() => done()) : done())));

/** What `npm audit` says to a registry on loopback that answers with this. */
async function auditAgainst(answer: object | null): Promise<string> {
  registry = createServer((request, response) => {
    request.resume().on('end', () => {
      const asked = request.method === 'POST' && request.url?.endsWith('/advisories/bulk');
      response.writeHead(asked && answer !== null ? 200 : 405, { 'content-type': 'application/json' });
      response.end(asked && answer !== null ? JSON.stringify(answer) : '');
    });
  });
  await new Promise<void>((done) => registry?.listen(0, '127.0.0.1', done));
  const address = registry.address();
  const port = typeof address === 'object' ? address?.port : 0;
  // npm keeps advisories by their ids: not in the cache of whoever runs this.
  const how = [
    'audit',
    '--omit=dev',
    '--json',
    '--fetch-retries=0',
    `--cache=${cache}`,
    `--registry=http://127.0.0.1:${port}/`,
  ];
  return new Promise((done) =>
    execFile('npm', how, { cwd: root, maxBuffer: 2 ** 26 }, (_error, stdout) => done(stdout)),
  );
}

/** As npm prints it of one package. */
const report = (severity: string) =>
  JSON.stringify({
    vulnerabilities: {
      undici: { severity, range: '<99', via: [{ title: 'Made up', url: 'https://advisories.example/1' }] },
    },
  });

describe('npm run audit', () => {
  it('fails on a package that the registry knows to be dangerous, and names it with the advisory', async () => {
    const audit = readAudit(await auditAgainst(ADVISORY));
    const line = /^high: undici .*Made up https:\/\/advisories\.example\/1/;
    expect(audit).toMatchObject({ kind: 'answered', failing: expect.arrayContaining([expect.stringMatching(line)]) });
  });

  it('fails on high and critical, and names lesser ones', () => {
    for (const severity of ['high', 'critical'])
      expect(readAudit(report(severity))).toMatchObject({ failing: [expect.stringContaining(severity)], lesser: [] });
    for (const severity of ['info', 'low', 'moderate'])
      expect(readAudit(report(severity))).toMatchObject({ failing: [], lesser: [expect.stringContaining(severity)] });
    expect(readAudit('{"vulnerabilities":{}}')).toEqual({ kind: 'answered', failing: [], lesser: [] });
  });

  it('says that nothing was looked at when the registry does not answer', async () => {
    expect(readAudit(await auditAgainst(null))).toEqual({ kind: 'unanswered', reason: expect.stringContaining('405') });
    expect(readAudit('')).toEqual({ kind: 'unanswered', reason: 'npm audit printed no report' });
    expect(readAudit('{"error":{"summary":"no network"}}')).toEqual({ kind: 'unanswered', reason: 'no network' });
  });
});

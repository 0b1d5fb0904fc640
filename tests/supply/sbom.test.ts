import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkout } from '../../supply/checkout.js';
import { readLockfile } from '../../supply/lockfile.js';
import { billOfMaterials } from '../../supply/sbom.js';

const { read } = checkout();
const Bom = z.object({
  bomFormat: z.literal('CycloneDX'),
  metadata: z.object({ component: z.object({ name: z.string(), version: z.string() }) }),
  components: z.array(
    z.object({ name: z.string(), group: z.string().optional(), version: z.string(), purl: z.string() }),
  ),
});

describe('npm run sbom', () => {
  it('lists what runs, by name and version, and nothing that only builds or tests', () => {
    const bom = Bom.parse(billOfMaterials());
    const { name, version } = JSON.parse(read('package.json'));
    expect(bom.metadata.component).toEqual({ name, version });
    const listed = bom.components.map((c) => decodeURIComponent(c.purl).replace('pkg:npm/', ''));
    const production = readLockfile(read('package-lock.json')).filter((p) => p.production);
    expect([...new Set(listed)].sort()).toEqual([...new Set(production.map((p) => `${p.name}@${p.version}`))].sort());
  });
});

import { execFileSync } from 'node:child_process';
import { z } from 'zod';
import { checkout, isStarted } from './checkout.js';
import { readLockfile } from './lockfile.js';

/** CycloneDX 1.5, in the parts that are changed here. */
const Bom = z.looseObject({
  metadata: z.looseObject({ component: z.looseObject({ name: z.string(), 'bom-ref': z.string() }) }),
  components: z.array(z.looseObject({ 'bom-ref': z.string() })),
  dependencies: z.array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()) })),
});

/**
 * The bill of materials of what runs, from package-lock.json alone. npm's own `--omit=dev` also leaves out what runs when something that
 * only tests needs it too, so npm is asked for all, and the lockfile says what runs.
 */
export function billOfMaterials(): z.infer<typeof Bom> {
  const { root, read } = checkout();
  const how = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application'];
  const said = execFileSync('npm', how, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 ** 2 });
  const bom = Bom.parse(JSON.parse(said));
  const { component } = bom.metadata;
  const production = readLockfile(read('package-lock.json')).filter((p) => p.production);
  const kept = new Set([component['bom-ref'], ...production.map((p) => `${p.name}@${p.version}`)]);
  return {
    ...bom,
    // npm takes the folder's name for that of the package.
    metadata: { ...bom.metadata, component: { ...component, name: component['bom-ref'].split('@')[0] ?? '' } },
    components: bom.components.filter((c) => kept.has(c['bom-ref'])),
    dependencies: bom.dependencies
      .filter((d) => kept.has(d.ref))
      .map((d) => ({ ...d, dependsOn: d.dependsOn.filter((ref) => kept.has(ref)) })),
  };
}

if (isStarted(import.meta.url)) process.stdout.write(`${JSON.stringify(billOfMaterials(), null, 2)}\n`);

import { z } from 'zod';

/** What package-lock.json says of one package (npm's documentation, package-lock.json, `packages`). */
const Locked = z.looseObject({
  version: z.string(),
  integrity: z.string().optional(),
  resolved: z.string().optional(),
  link: z.boolean().optional(),
  dev: z.boolean().optional(),
  optional: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
  license: z.union([z.string(), z.array(z.string())]).optional(),
});
const Lockfile = z.object({ lockfileVersion: z.literal(3), packages: z.record(z.string(), z.unknown()) });

export type LockedPackage = z.infer<typeof Locked> & { name: string; production: boolean };

/** The packages of a lockfile, by name and version, this one left out. @throws ZodError when it is none of version 3 */
export function readLockfile(text: string): LockedPackage[] {
  const { packages } = Lockfile.parse(JSON.parse(text));
  return Object.entries(packages)
    .filter(([path]) => path !== '')
    .map(([path, entry]) => {
      const locked = Locked.parse(entry);
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      return { ...locked, name, production: !locked.dev };
    })
    .sort((a, b) => order(a.name, b.name) || order(a.version, b.version));
}

/** By code units, so that no machine's language changes a generated page. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

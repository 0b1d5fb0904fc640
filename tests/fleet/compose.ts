import { parse } from 'yaml';
import { z } from 'zod';
import { freePort } from '../setup/servers.js';

const Compose = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string(),
      command: z.array(z.string()).optional(),
      profiles: z.array(z.string()).optional(),
    }),
  ),
});

/** A service of compose.yaml that runs Sourcelink, with the arguments of its command. */
export type Service = { name: string; command: string[] };

/** What `docker compose up -d` starts of Sourcelink's own image. */
export function servicesOf(composeYaml: string): Service[] {
  const { services } = Compose.parse(parse(composeYaml, { merge: true }));
  return Object.entries(services).flatMap(([name, { image, command, profiles }]) =>
    image.startsWith('sourcelink:') && command !== undefined && profiles === undefined ? [{ name, command }] : [],
  );
}

/** One entry a process, as `--scale NAME=N` has them. @throws for a service that there is not */
export function scaled(services: readonly Service[], scale: Record<string, number>): (Service & { process: string })[] {
  const unknown = Object.keys(scale).find((name) => !services.some((s) => s.name === name));
  if (unknown !== undefined) throw new Error(`compose.yaml has no service ${unknown}`);
  return services.flatMap((service) =>
    Array.from({ length: scale[service.name] ?? 1 }, (_, i) => ({ ...service, process: `${service.name}-${i + 1}` })),
  );
}

/** Each container has a loopback of its own; here they share one, so each process gets another port for what it tells of itself. */
export async function onOwnPort(command: readonly string[]): Promise<string[]> {
  const port = String(await freePort());
  return command.map((word, i) => (command[i - 1] === '--metrics-port' ? port : word));
}

import type { ChildProcess } from 'node:child_process';

/** The newsstand says where it listens in its first line. */
export async function addressOf(server: ChildProcess): Promise<string> {
  let said = '';
  for await (const chunk of server.stdout ?? []) {
    said += chunk;
    const port = /127\.0\.0\.1:(\d+)/.exec(said)?.[1];
    if (port) return `http://127.0.0.1:${port}`;
  }
  throw new Error('the newsstand did not start');
}

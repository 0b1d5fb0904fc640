import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP connection's way on loopback that can be cut: while it is, nothing passes, and nothing is said of it. */
export type Cable = { port: number; cut(): void; restore(): void; close(): Promise<void> };

type Pair = { near: Socket; far: Socket };

/**
 * Forwards to a port. While it is cut, connections stay open and take no bytes, and new ones are accepted but lead nowhere; what
 * was sent meanwhile arrives afterwards, as TCP would send it again.
 */
export async function layCable(toPort: number): Promise<Cable> {
  const pairs = new Set<Pair>();
  let isCut = false;
  const join = ({ near, far }: Pair): void => {
    near.pipe(far);
    far.pipe(near);
  };
  const server = createServer((near) => {
    const pair = { near, far: connect(toPort, '127.0.0.1') };
    pairs.add(pair);
    const end = (): void => {
      near.destroy();
      pair.far.destroy();
      pairs.delete(pair);
    };
    for (const socket of [near, pair.far]) socket.setNoDelay(true).on('error', end).on('close', end);
    if (isCut) near.pause();
    else join(pair);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      isCut = true;
      for (const { near, far } of pairs) {
        near.unpipe(far).pause();
        far.unpipe(near).pause();
      }
    },
    restore() {
      isCut = false;
      for (const pair of pairs) join(pair);
    },
    async close() {
      for (const { near, far } of pairs) {
        near.destroy();
        far.destroy();
      }
      await new Promise((done) => server.close(done));
    },
  };
}

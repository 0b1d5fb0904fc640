import diagnostics from 'node:diagnostics_channel';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Something that must not be reached: it listens on every address of this machine and keeps count of who came. */
export type Trap = { port: number; reached(): number; close(): Promise<void> };

export async function setTrap(): Promise<Trap> {
  let reached = 0;
  const answer = 'HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-length: 6\r\n\r\nsecret';
  const server = createServer((socket) => {
    reached++;
    socket.on('error', () => {});
    socket.once('data', () => socket.end(answer));
  });
  const six = Object.values(networkInterfaces()).some((list) => list?.some((a) => a.family === 'IPv6'));
  await new Promise<void>((done) => server.listen(0, six ? '::' : '0.0.0.0', done));
  return {
    port: portOf(server),
    reached: () => reached,
    close: () => new Promise((done) => server.close(() => done())),
  };
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** Every address that this process tries to connect to from now on, whoever tries: `address:port`. */
export function watchConnections(): { tried: string[]; stop(): void } {
  const tried: string[] = [];
  const see = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    socket.on('connectionAttempt', (address, port) => tried.push(`${address}:${port}`));
  };
  diagnostics.subscribe('net.client.socket', see);
  return { tried, stop: () => void diagnostics.unsubscribe('net.client.socket', see) };
}

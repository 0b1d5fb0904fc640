import type { ServerResponse } from 'node:http';
import { type Page, raw } from './input.js';

type Socket = NonNullable<ServerResponse['socket']>;
export const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n';
/** The head of an answer that ends with its connection. */
export const closing = `${HEAD}connection: close\r\n\r\n`;

/** Sends a piece again and again, after a pause or as fast as it is taken. */
export function drip(socket: Socket, piece: string | Buffer, everyMs: number): void {
  const timer = setInterval(() => socket.write(piece), everyMs);
  socket.on('close', () => clearInterval(timer));
  socket.on('error', () => clearInterval(timer));
}
export function flood(socket: Socket, piece: string | Buffer): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(piece));
    if (!socket.destroyed) socket.once('drain', more);
  };
  socket.on('error', () => {});
  more();
}
export const after = (head: string, act: (socket: Socket) => void): Page =>
  raw((socket) => {
    socket.write(head);
    act(socket);
  });
export const all = (text: string | Buffer): Page => raw((socket) => socket.end(text));
export const block = Buffer.alloc(256 * 1024, '<p>endless ');

import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

export const SHORTEST_PASSWORD = 12;

/** OWASP's Password Storage Cheat Sheet: N = 2^15, r = 8, p = 3, which takes 32 MB while it is computed. */
const COST = { log2: 15, r: 8, p: 3 };
const BYTES = 32;

/** `scrypt:15:8:3:<salt>:<hash>`, the last two in base64url. */
export const HASH = /^scrypt:(1[0-7]):(8|16):([1-8]):([\w-]{22}):([\w-]{43})$/;

/** The hash of a password (scrypt, RFC 7914). */
export async function hashOf(password: string, salt: Buffer = randomBytes(16)): Promise<string> {
  const hash = await derive(password, salt, COST);
  return ['scrypt', COST.log2, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join(':');
}

/** Whether a password matches a hash. Throws if the text is not a hash. */
export async function passwordHolds(password: string, hash: string): Promise<boolean> {
  const [, log2, r, p, salt = '', kept = ''] = HASH.exec(hash) ?? [];
  if (kept === '') throw new Error('this is not the hash of a password');
  const cost = { log2: Number(log2), r: Number(r), p: Number(p) };
  const made = await derive(password, Buffer.from(salt, 'base64url'), cost);
  const known = Buffer.from(kept, 'base64url');
  return made.length === known.length && timingSafeEqual(made, known);
}

function derive(password: string, salt: Buffer, { log2, r, p }: typeof COST): Promise<Buffer> {
  const N = 2 ** log2;
  const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r };
  // Keyboards may send the same letters composed or decomposed.
  const text = password.normalize('NFC');
  return new Promise((done, fail) => {
    scrypt(text, salt, BYTES, options, (error, key) => (error ? fail(error) : done(key)));
  });
}

import { createHmac, timingSafeEqual } from 'node:crypto';

/** Signs texts with the site's secret. A signature for one purpose is not valid for another. */
export type Signer = {
  sign(purpose: string, text: string): string;
  holds(purpose: string, text: string, signature: string): boolean;
};

/** HMAC-SHA-256, shortened to 128 bits, in base64url. */
export function signer(secret: string): Signer {
  const sign = (purpose: string, text: string): string =>
    createHmac('sha256', secret).update(`${purpose}\n${text}`).digest('base64url').slice(0, 22);
  return {
    sign,
    holds(purpose, text, signature) {
      const [a, b] = [Buffer.from(sign(purpose, text)), Buffer.from(signature)];
      return a.length === b.length && timingSafeEqual(a, b);
    },
  };
}

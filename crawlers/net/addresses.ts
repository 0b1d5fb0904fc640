import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Names that only mean something inside a private network (RFC 6761, RFC 6762, RFC 8375, RFC 9476 and common habit). */
const PRIVATE_TLDS = new Set(['localhost', 'local', 'internal', 'intranet', 'lan', 'home', 'corp', 'test', 'invalid']);

/** Public by number, but answered by the host of a virtual machine: Azure's wire server, which hands out its secrets. */
const OF_THE_CLOUD = new Set(['168.63.129.16']);

/**
 * Whether an address lies in the public internet. Everything that is not plain unicast is refused; IPv4 inside
 * IPv4-mapped or well-known NAT64 addresses (RFC 6052) is judged as the IPv4 address that a router would make of it.
 */
export function isPublicAddress(text: string): boolean {
  const bare = text.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (isIP(bare) === 0) return false;
  const address = ipaddr.parse(bare);
  if (address instanceof ipaddr.IPv4) return isPublicIpv4(address);
  const embedded = embeddedIpv4(address);
  if (embedded) return isPublicIpv4(embedded);
  // 2000::/3 is all that is given out as global unicast (RFC 4291, 2.4).
  return address.range() === 'unicast' && ((address.parts[0] ?? 0) & 0xe000) === 0x2000;
}

function isPublicIpv4(address: ipaddr.IPv4): boolean {
  return address.range() === 'unicast' && !OF_THE_CLOUD.has(address.toString());
}

/** The IPv4 address in `::ffff:a.b.c.d` or `64:ff9b::a.b.c.d`. Local-use NAT64 (64:ff9b:1::/48) has no public meaning. */
function embeddedIpv4(address: ipaddr.IPv6): ipaddr.IPv4 | null {
  const [a, b, c, d, e, f, g = 0, h = 0] = address.parts;
  const zeros = c === 0 && d === 0 && e === 0;
  const mapped = a === 0 && b === 0 && zeros && f === 0xffff;
  const nat64 = a === 0x64 && b === 0xff9b && zeros && f === 0;
  if (!mapped && !nat64) return null;
  return new ipaddr.IPv4([g >> 8, g & 0xff, h >> 8, h & 0xff]);
}

/** Whether a URL's host name is an IP address; the URL parser has already made one of decimal, octal and hex spellings. */
export function isAddress(hostname: string): boolean {
  return isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
}

/** Whether a name can only be that of a private machine: one without a dot, or below a private top-level name. */
export function isPrivateName(hostname: string): boolean {
  const labels = hostname.toLowerCase().replace(/\.+$/, '').split('.');
  return labels.length < 2 || PRIVATE_TLDS.has(labels.at(-1) ?? '') || /(^|\.)home\.arpa\.?$/i.test(hostname);
}

import { networkInterfaces } from 'node:os';
import { isPublicAddress } from '../../../crawlers/net/addresses.js';
import type { Resolver } from '../../../crawlers/net/guard.js';

/** One way to name a machine that is nobody's business; `PORT` stands for the port of the listener that must not be reached. */
export type Target = { name: string; url: string };

const spelled = (kind: string, ...hosts: string[]): Target[] =>
  hosts.map((host) => ({ name: `${kind}: ${host}`, url: `http://${host}:PORT/secret` }));

/** Addresses that need no look-up. */
export const SPELLINGS: Target[] = [
  ...spelled('dotted', '127.0.0.1', '127.255.255.254', '127.0.0.1.', '127.000.000.001'),
  ...spelled('short', '127.1', '127.0.1', '127.65535', '10.1', '192.168.257', '0', '0.0.0.0', '0.1'),
  ...spelled('decimal', '2130706433', '2852039166', '3232235521', '167772161'),
  ...spelled('octal', '0177.0.0.1', '017700000001', '0177.1', '00000177.0.0.01', '0251.0376.0251.0376'),
  ...spelled('hexadecimal', '0x7f000001', '0x7f.0.0.1', '0x7f.1', '0X7F.0x0.0.0x1', '0xa9fea9fe', '0xA9.254.0251.0376'),
  ...spelled('percent-encoded', '%31%32%37.0.0.1', '127%2e0%2e0%2e1', '%6c%6f%63%61%6c%68%6f%73%74', '%5B::1%5D'),
  ...spelled(
    'other digits',
    '１２７.０.０.１',
    '①②⑦.⓪.⓪.①',
    '127。0。0。1',
    '127．0．0．1',
    '𝟏𝟐𝟕.𝟎.𝟎.𝟏',
    '⑯⑨.254.⑯⑨.254',
  ),
  ...spelled('other letters', 'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ', 'ｌｏｃａｌｈｏｓｔ', 'LOCALHOST', 'loc\u00adalhost', '0ⅹ7f.1'),
  ...spelled('userinfo', 'user:password@127.0.0.1', 'news.example.org@127.0.0.1', 'news.example.org%40x@[::1]'),
  { name: 'userinfo: with backslash', url: 'http://127.0.0.1:PORT\\@news.example.org/secret' },
  { name: 'userinfo: with two signs', url: 'http://news.example.org@x@127.0.0.1:PORT/secret' },
  { name: 'slashes: three', url: 'http:///127.0.0.1:PORT/secret' },
  { name: 'slashes: backwards', url: 'http:\\\\127.0.0.1:PORT\\secret' },
  { name: 'slashes: none', url: 'http:127.0.0.1:PORT/secret' },
  { name: 'tab and line feed inside', url: 'ht\ntp://127.0\t.0.1:PORT/secret' },
  { name: 'https', url: 'https://127.0.0.1:PORT/secret' },
  ...spelled('private', '10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.255.255'),
  ...spelled('link-local', '169.254.0.1', '169.254.255.254'),
  ...spelled('cloud metadata', '169.254.169.254', '169.254.170.2', '100.100.100.200', '168.63.129.16', '192.0.0.192'),
  ...spelled('cloud metadata', '[fd00:ec2::254]', '[fd20:ce::254]', '[fe80::a9fe:a9fe]'),
  ...spelled('carrier-grade NAT', '100.64.0.1', '100.127.255.254'),
  ...spelled('benchmark', '198.18.0.1', '198.19.255.255', '[2001:2::1]'),
  ...spelled('documentation', '192.0.2.1', '198.51.100.7', '203.0.113.9', '[2001:db8::1]', '[3fff::1]'),
  ...spelled(
    'protocol assignments',
    '192.0.0.8',
    '192.88.99.1',
    '[2001:1::1]',
    '[2001:10::1]',
    '[100::1]',
    '[5f00::1]',
  ),
  ...spelled('multicast and broadcast', '224.0.0.1', '239.255.255.250', '255.255.255.255', '240.0.0.1', '[ff02::1]'),
  ...spelled('IPv6 loopback', '[::1]', '[0:0:0:0:0:0:0:1]', '[0000:0000:0000:0000:0000:0000:0000:0001]', '[::0.0.0.1]'),
  ...spelled('IPv6 unspecified', '[::]', '[0::0]'),
  ...spelled(
    'IPv4-mapped',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::FFFF:A9FE:A9FE]',
    '[::ffff:10.0.0.1]',
    '[::ffff:0.0.0.0]',
  ),
  ...spelled('IPv4-compatible', '[::127.0.0.1]', '[::7f00:1]', '[::10.0.0.1]'),
  ...spelled('IPv4-translated', '[::ffff:0:127.0.0.1]', '[::ffff:0:a00:1]'),
  ...spelled('6to4', '[2002:7f00:1::]', '[2002:c0a8:1::1]', '[2002:a9fe:a9fe::1]'),
  ...spelled('NAT64', '[64:ff9b::127.0.0.1]', '[64:ff9b::a9fe:a9fe]', '[64:ff9b:1::a00:1]'),
  ...spelled('Teredo', '[2001:0:7f00:1::]', '[2001::80ff:fffe]'),
  ...spelled('unique local', '[fc00::1]', '[fd00::1]', '[fdff:ffff::1]'),
  ...spelled('IPv6 link-local and site-local', '[fe80::1]', '[febf::1]', '[fec0::1]'),
  ...spelled('zone', '[fe80::1%25lo]', '[::1%25lo]', '[::1%lo]', '[fe80::1%eth0]'),
  ...spelled('localhost', 'localhost', 'localhost.', 'api.localhost', 'a.b.LocalHost', 'x.localhost.'),
  ...spelled('this machine', ...ownAddresses()),
];

/** Where machines that run these tests can really be reached, beside loopback. */
function ownAddresses(): string[] {
  const found = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const inner = found.filter((a) => !a.internal && !isPublicAddress(a.address)).map((a) => a.address);
  return inner.map((a) => (a.includes(':') ? `[${a}]` : a));
}

/** Public by our rules and in nobody's routing table, so that asking for it goes nowhere. */
export const NOWHERE = '3ffe:ffff::1';

const NAMES: Record<string, string[]> = {
  'loopback.example.org': ['127.0.0.1'],
  'other-loopback.example.org': ['127.8.8.8'],
  'six.example.org': ['::1'],
  'mapped.example.org': ['::ffff:127.0.0.1'],
  'mapped-hex.example.org': ['::ffff:7f00:1'],
  'any.example.org': ['0.0.0.0'],
  'any-six.example.org': ['::'],
  'zone.example.org': ['fe80::1%lo'],
  'private.example.org': ['10.0.0.1'],
  'metadata.example.org': ['169.254.169.254'],
  'metadata.google.internal': ['169.254.169.254'],
  'azure.example.org': ['168.63.129.16'],
  'ula.example.org': ['fd00:ec2::254'],
  'nat64.example.org': ['64:ff9b::7f00:1'],
  'six-to-four.example.org': ['2002:7f00:1::'],
  'mixed.example.org': [NOWHERE, '127.0.0.1'],
  'mixed-first.example.org': ['127.0.0.1', NOWHERE],
  'mixed-last.example.org': [NOWHERE, NOWHERE, '::1'],
  'alias-of-inner.example.org': ['192.168.1.1'],
  '127.0.0.1.nip.example.org': ['127.0.0.1'],
  'spoofed.burpcollaborator.example': ['127.0.0.1'],
  'ip6-localhost': ['::1'],
  'localhost.localdomain': ['127.0.0.1'],
  redis: ['127.0.0.1'],
  'xn--eckwd4c7c.example.org': ['127.0.0.1'],
};

/** Names that lead to such addresses. */
export const PRIVATE_NAMES: Target[] = [
  ...spelled('resolves to a private address', ...Object.keys(NAMES)),
  ...spelled('turns private after the first look', 'rebound.example.org', 'rebound-six.example.org'),
];

/** A name server without a network: what is not known to it is on loopback, and names that rebind are public but once. */
export function fakeResolver(outlet: string): Resolver & { looks: Map<string, number> } {
  const looks = new Map<string, number>();
  const resolve: Resolver = async (hostname) => {
    const name = hostname.toLowerCase();
    const seen = looks.get(name) ?? 0;
    looks.set(name, seen + 1);
    if (name === outlet) return [{ address: '127.0.0.1', family: 4 }];
    const rebound = { 'rebound.example.org': '127.0.0.1', 'rebound-six.example.org': '::1' }[name];
    const list = rebound ? [seen === 0 ? NOWHERE : rebound] : (NAMES[name] ?? ['127.0.0.1']);
    return list.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  return Object.assign(resolve, { looks });
}

/** `npm run bench NAME [-- options]`: runs bench/NAME.ts, each of which says what it measures. */
const NAMES = ['browser', 'crawl', 'dedupe', 'delivery', 'extract', 'faults', 'pipeline', 'rhythm', 'site'];

const [name = ''] = process.argv.splice(2, 1);
if (NAMES.includes(name)) await import(`./${name}.js`);
else {
  process.stderr.write(`usage: npm run bench ${NAMES.join('|')} [-- options]\n`);
  process.exitCode = 2;
}

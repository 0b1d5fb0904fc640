import { html } from 'hono/html';
import type { MetadataScores, MetadataSet, WrongPage } from '../metadata.js';
import { MEASURES, type Share } from '../metadata-score.js';
import { diffList, failedSection, type Html, pageDetails, pageOf, scopeOf, share } from './page.js';

/** The scores of titles, authors and dates as one HTML file for a person. */
export function metadataReport(scores: MetadataScores): Promise<string> {
  const pages = scores.sets.reduce((sum, s) => sum + s.pages, 0);
  const intro = html`<p>${scopeOf(scores.half, pages, scores.sets.length)}, beside plain Readability on the same pages.</p>`;
  return pageOf('Metadata', intro, [
    ...scores.sets.filter(hasFields).map(setSection),
    withoutFields(scores.sets.filter((s) => !hasFields(s))),
    html`<p class="soft">Each share is over the pages that have the field. Authors invented: given on pages that name none, so fewer are better.</p>`,
    failedSection(scores.failed),
    worstSection(scores),
  ]);
}

const measured = (s: MetadataSet) => MEASURES.filter(([field]) => s.ours[field].of > 0);
const hasFields = (s: MetadataSet): boolean => measured(s).length > 0;

function setSection(set: MetadataSet): Html {
  const { name, pages, ours, plain } = set;
  return html`<section><h2>${name}</h2><div class="scroll"><table>
<thead><tr><th>${pages} ${pages === 1 ? 'page' : 'pages'}</th><th colspan="2">Ours</th><th colspan="2">Plain Readability</th></tr></thead>
<tbody>${measured(set).map(
    ([field, label]) => html`<tr><td>${label}</td>${cells(ours[field], 'ours')}${cells(plain[field], 'plain')}</tr>`,
  )}</tbody></table></div></section>`;
}

function withoutFields(sets: readonly MetadataSet[]): Html | null {
  if (sets.length === 0) return null;
  const names = sets.map((s) => s.name).join(', ');
  return html`<p class="soft">Not scored, since no page of theirs names a title, an author or a date: ${names}.</p>`;
}

function cells({ right, of, share: part }: Share, by: 'ours' | 'plain'): Html {
  const width = `width: ${((part ?? 0) * 100).toFixed(1)}%`;
  return html`<td class="${by === 'ours' ? 'lead' : ''}">${part === null ? '–' : share(part)}</td>
<td>${right} of ${of}<span class="share ${by}"><i style="${width}"></i></span></td>`;
}

function worstSection({ worst, half }: MetadataScores): Html | null {
  if (worst.length === 0) return null;
  const left = half === 'dev' ? '' : ' Pages of the frozen half are scored and never shown.';
  return html`<section><h2 id="worst">Wrong pages</h2>
<p>− is what the set says, + is what was read.${left}</p>
${worst.map((page, i) => pageDetails(page, i, page.wrong.map((w) => w.field).join(', '), fieldsOf(page)))}</section>`;
}

const fieldsOf = ({ wrong }: WrongPage): Html =>
  html`${wrong.map(
    ({ field, expected, got, from, close }) => html`<div class="field"><h3>${field}</h3>
<p class="soft">${[close ? 'close' : 'wrong', from && `found by ${from}`].filter(Boolean).join(', ')}</p>
${diffList([
  { sign: '-', text: expected ?? 'none' },
  { sign: '+', text: got ?? 'none' },
])}</div>`,
  )}`;

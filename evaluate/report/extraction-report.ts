import { html } from 'hono/html';
import type { ExtractionEvaluation, ExtractionScores, SetEvaluation } from '../extraction.js';
import { anchorOf, diffList, failedSection, type Html, pageDetails, pageOf, scopeOf, share } from './page.js';
import { histogram, scatter } from './plots.js';

/** The scores of the text as one HTML file for a person. */
export function extractionReport({ scores, points }: Pick<ExtractionEvaluation, 'scores' | 'points'>): Promise<string> {
  const withDiff = new Set(scores.worst.map(anchorOf));
  const learned = scores.byOutlet ? " Each page was read with what its outlet's other pages taught." : '';
  const intro = html`<p>${scopeOf(scores.half, points.length, scores.sets.length)}, beside plain Readability on the same pages.${learned}</p>`;
  return pageOf('Extraction', intro, [
    html`<section><h2 id="sets">Sets</h2>${setTable(scores.sets)}
<p class="soft">F1, precision and recall over shingles of four words. Error taken: the share of plain Readability's 1 − F1 that is gone.
CPU: of ours, from bytes to text and metadata.</p>
${pageTable(scores.sets)}
<p class="soft">Refused: what the quality gate would not publish; it is scored all the same. Unlabelled: pages that truth.json does not name.</p></section>`,
    ...scores.sets.map(
      ({ name }) => html`<section><h2>${name}</h2><div class="plots">
${scatter(
  points.filter((p) => p.set === name),
  withDiff,
)}
${histogram(points.filter((p) => p.set === name))}</div></section>`,
    ),
    failedSection(scores.failed),
    worstSection(scores),
  ]);
}

function setTable(sets: readonly SetEvaluation[]): Html {
  return html`<div class="scroll"><table>
<thead><tr><th>Set</th><th>Pages</th><th>F1</th><th>Plain</th><th>Error taken</th><th>Precision</th><th>Plain</th><th>Recall</th><th>Plain</th><th>CPU, ms</th></tr></thead>
<tbody>${sets.map(
    (
      s,
    ) => html`<tr><th>${s.name}</th><td>${s.ours.pages}</td><td class="lead">${share(s.ours.f1)}</td><td>${share(s.plain.f1)}</td>
<td>${s.errorTaken === null ? '–' : `${Math.round(s.errorTaken * 100)} %`}</td>
<td>${share(s.ours.precision)}</td><td>${share(s.plain.precision)}</td><td>${share(s.ours.recall)}</td><td>${share(s.plain.recall)}</td>
<td>${s.cpuMsPerPage.toFixed(0)}</td></tr>`,
  )}</tbody></table></div>`;
}

function pageTable(sets: readonly SetEvaluation[]): Html {
  const refused = (s: SetEvaluation): string =>
    Object.entries(s.refused)
      .map(([why, n]) => `${n} ${why}`)
      .join(', ') || '0';
  return html`<div class="scroll"><table>
<thead><tr><th>Pages of</th><th>Mean F1</th><th>Median</th><th>Exact</th><th>Below .8</th><th>Below .5</th><th>Empty</th><th>Refused</th><th>Unlabelled</th></tr></thead>
<tbody>${sets.map(
    (
      s,
    ) => html`<tr><th>${s.name}</th><td>${share(s.ours.meanF1)}</td><td>${share(s.ours.medianF1)}</td><td>${share(s.ours.accuracy)}</td>
<td>${s.ours.below80}</td><td>${s.ours.below50}</td><td>${s.ours.empty}</td><td>${refused(s)}</td><td>${s.unlabelled.length}</td></tr>`,
  )}</tbody></table></div>`;
}

function worstSection({ worst, half }: ExtractionScores): Html | null {
  if (worst.length === 0) return null;
  const left = half === 'dev' ? '' : ' Pages of the frozen half are scored and never shown.';
  return html`<section><h2 id="worst">Worst pages</h2>
<p>− is missing from our text, + is too much in it.${left}</p>
${worst.map((w, i) => {
  const says = `F1 ${share(w.f1)}, plain ${share(w.plainF1)}`;
  return pageDetails(w, i, says, w.diff.length === 0 ? html`<p>No difference.</p>` : diffList(w.diff));
})}</section>`;
}

import { describe, expect, it } from 'vitest';
import { type Labelled, softmax, trainLinear } from '../../../analysis/categories/linear.js';
import { subjectWords } from '../../../text/terms.js';

const example = (text: string, label: string): Labelled => ({
  fields: [{ words: subjectWords(text), weight: 1 }],
  label,
});
const SEA = ['harbour storm', 'ferry tide', 'sailor harbour', 'tide and storm', 'ferry sailor'];
const LAND = ['barley field', 'tractor harvest', 'field harvest', 'barley tractor', 'harvest barley'];
const best = (model: ReturnType<typeof trainLinear>, text: string): string | undefined => {
  const scores = model.scores([{ words: subjectWords(text), weight: 1 }]);
  return model.labels[scores.indexOf(Math.max(...scores))];
};

describe('trainLinear', () => {
  it('tells apart what it was shown', () => {
    const model = trainLinear([...SEA.map((t) => example(t, 'sea')), ...LAND.map((t) => example(t, 'land'))]);
    expect(model.labels).toEqual(['land', 'sea']);
    expect(best(model, 'a ferry in the harbour')).toBe('sea');
    expect(best(model, 'the harvest of the field')).toBe('land');
  });

  it('gives a rare label its due', () => {
    const many = Array.from({ length: 40 }, (_, i) => example(`${LAND[i % 5]} number ${i}`, 'land'));
    const model = trainLinear([...many, ...SEA.slice(0, 3).map((t) => example(t, 'sea'))]);
    expect(best(model, 'storm in the harbour')).toBe('sea');
  });

  it('is the same each time', () => {
    const rows = [...SEA.map((t) => example(t, 'sea')), ...LAND.map((t) => example(t, 'land'))];
    const scores = () => [...trainLinear(rows).scores([{ words: ['ferry', 'barley'], weight: 1 }])];
    expect(scores()).toEqual(scores());
  });
});

describe('softmax', () => {
  it('gives shares of one, also of very large scores', () => {
    const shares = softmax(Float64Array.from([1000, 999, -1000]));
    expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1);
    expect(shares[0]).toBeGreaterThan(shares[1] ?? 1);
  });
});

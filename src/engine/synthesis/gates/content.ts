import { failed, type Gate, skipped, within } from './gate.ts';

/** Standard deviation of the brightness, of 255. A thin drawing on white paper has 5 to 15, a photograph 40 to 70. */
const leastDeviation = 2;
const nearBlack = 16;
const nearWhite = 239;

/** Not black, white or one colour: what safety checkers and failed decoders leave. */
export const contentGate: Gate = {
  name: 'content',
  hard: true,
  about: 'picture',
  async judge({ picture }) {
    const grey = await picture?.grey();
    if (!grey) return skipped;
    let sum = 0;
    let squares = 0;
    for (const value of grey) {
      sum += value;
      squares += value * value;
    }
    const mean = sum / grey.length;
    const deviation = Math.sqrt(Math.max(0, squares / grey.length - mean * mean));
    const result = within(deviation, leastDeviation, null);
    if (result.verdict === 'passed') return result;
    return failed(mean < nearBlack ? 'black' : mean > nearWhite ? 'white' : 'flat', { score: result.score, lower: leastDeviation });
  },
};

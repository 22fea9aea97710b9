import type { PerspectiveReport, RankFrequency } from '../../protocol/reports.ts';
import { count, threshold } from './format.ts';

const columns = 56;
const rows = 5;
const eighths = ' ▁▂▃▄▅▆▇█';

/**
 * Rank against frequency, both logarithmic, as block characters. The head stands full, the tail is drawn with a lighter top line only,
 * and the axis names both, so that nothing hangs on colour.
 */
export function longTailPicture(report: PerspectiveReport): string {
  const { curve, tau } = report;
  const first = curve[0];
  if (!first || tau === null) return '    (no entities)';
  const lastRank = curve.at(-1)?.rank ?? 0;
  const heights: number[] = [];
  const isTail: boolean[] = [];
  for (let column = 0; column < columns; column++) {
    const rank = Math.exp((column / (columns - 1)) * Math.log(lastRank + 1)) - 1;
    const frequency = frequencyAt(curve, rank);
    heights.push(first.frequency > 1 ? (Math.log(frequency) / Math.log(first.frequency)) * rows * 8 : rows * 8);
    isTail.push(frequency <= tau);
  }
  const lines: string[] = [];
  for (let row = rows - 1; row >= 0; row--) {
    const label = row === rows - 1 ? count(first.frequency) : row === 0 ? count(curve.at(-1)?.frequency ?? 1) : '';
    const cells = heights.map((height, column) => cell(Math.max(1, height), row, isTail[column] ?? false));
    lines.push(`    ${label.padStart(9)} ┤${cells.join('')}`.trimEnd());
  }
  const headWidth = Math.max(0, isTail.indexOf(true) === -1 ? columns : isTail.indexOf(true));
  const axis = `${'─'.repeat(headWidth)}${headWidth < columns ? `┬${'─'.repeat(columns - headWidth - 1)}` : ''}`;
  lines.push(`    ${''.padStart(9)} └${axis}`);
  lines.push(`    ${''.padStart(11)}${caption(headWidth, tau)}`);
  return lines.join('\n');
}

function caption(headWidth: number, tau: number): string {
  const mark = `tau ${threshold(tau)} ▸ tail ░`;
  const head = headWidth >= 8 ? 'head █' : '';
  const start = Math.min(headWidth, columns - mark.length);
  return head.padEnd(Math.max(head.length + 1, start)).slice(0, Math.max(start, 0)) + mark;
}

function cell(height: number, row: number, tail: boolean): string {
  const filled = Math.round(height) - row * 8;
  if (filled <= 0) return ' ';
  if (tail) return filled >= 8 ? '░' : filled >= 4 ? '░' : '▁';
  return eighths[Math.min(8, filled)] ?? '█';
}

/** Linear between the sampled ranks, on logarithms. */
function frequencyAt(curve: readonly RankFrequency[], rank: number): number {
  let low = curve[0] as RankFrequency;
  for (const point of curve) {
    if (point.rank >= rank) {
      const span = Math.log(point.rank + 1) - Math.log(low.rank + 1);
      const along = span > 0 ? (Math.log(rank + 1) - Math.log(low.rank + 1)) / span : 0;
      return Math.exp(Math.log(low.frequency) + along * (Math.log(point.frequency) - Math.log(low.frequency)));
    }
    low = point;
  }
  return low.frequency;
}

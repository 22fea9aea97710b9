import { describe, expect, it } from 'vitest';
import { bytes, percent, printable, table, threshold } from '../../../src/cli/terminal/format.ts';
import { longTailPicture } from '../../../src/cli/terminal/longTailPicture.ts';
import { ProgressLine } from '../../../src/cli/terminal/progressLine.ts';
import type { PerspectiveReport } from '../../../src/protocol/reports.ts';

describe('numbers', () => {
  it('are grouped, rounded and carry their unit', () => {
    expect([bytes(999), bytes(1_005_431_746), percent(0.98684), threshold(4895), threshold(0.2217), threshold(null)]).toEqual([
      '999 B',
      '1.0 GB',
      '98.7 %',
      '4,895',
      '0.22',
      '-',
    ]);
  });
});

describe('printable', () => {
  it('shows what would steer the terminal, and cuts what is long', () => {
    expect(printable('a\u001b[31mred\u0007\u202eabc')).toBe('a\\u001b[31mred\\u0007\\u202eabc');
    expect(printable('😀'.repeat(80), 10)).toBe(`${'😀'.repeat(9)}…`);
  });
});

describe('table', () => {
  it('aligns by terminal columns, wide characters included', () => {
    const lines = table([
      ['猫', '1'],
      ['dog', '20'],
    ]).split('\n');
    expect(lines).toEqual(['  猫    1', '  dog  20']);
  });
});

describe('the picture of the long tail', () => {
  const curve = Array.from({ length: 100 }, (_, rank) => ({ rank, frequency: Math.ceil(1000 / (rank + 1)) }));
  const report = { curve, tau: 50 } as unknown as PerspectiveReport;

  it('marks head and tail by shape and word', () => {
    const lines = longTailPicture(report).split('\n');
    expect(lines[0]).toMatch(/1,000 ┤█/);
    expect(lines.join('')).toContain('░');
    expect(lines.at(-1)).toContain('head █');
    expect(lines.at(-1)).toContain('tau 50 ▸ tail ░');
    const boundary = lines.at(-2)?.indexOf('┬') ?? -1;
    expect(lines.at(-1)?.indexOf('tau 50')).toBe(boundary);
  });

  it('says when there is nothing to draw', () => {
    expect(longTailPicture({ curve: [], tau: null } as unknown as PerspectiveReport)).toContain('no entities');
  });
});

describe('progress without a terminal', () => {
  it('writes one line per stage', () => {
    const lines: string[] = [];
    const stream = { isTTY: false, write: (text: string) => lines.push(text) > 0 } as unknown as NodeJS.WriteStream;
    const line = new ProgressLine(stream);
    for (let done = 0; done <= 100; done++) line.show({ stage: 'extract', done, total: 100, unit: 'instances' });
    line.show({ stage: 'reverseIndex', done: 1, total: 4, unit: 'records', reused: true });
    expect(lines).toEqual(['Extracting entities\n', 'Building the reverse index: found ready\n']);
  });

  it('tells the step of a picture that is being made', () => {
    const lines: string[] = [];
    const stream = { isTTY: true, write: (text: string) => lines.push(text) > 0 } as unknown as NodeJS.WriteStream;
    const line = new ProgressLine(stream);
    const shared = { stage: 'synthesize', done: 1, total: 4, unit: 'candidates' } as const;
    line.show({ ...shared, synthesis: { id: 'a', ordinal: 3, step: 7, steps: 20 } });
    line.show({ ...shared, synthesis: { id: 'a', ordinal: 3, image: 'a.png' } });
    expect(lines).toEqual([
      expect.stringContaining('Making synthetic instances: 25 % (1 of 4 candidates; next: step 7 of 20)'),
      expect.stringContaining('Making synthetic instances: 25 % (1 of 4 candidates)'),
    ]);
  });
});

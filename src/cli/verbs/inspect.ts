import type { InspectReport } from '../../protocol/dataset.ts';
import { datasetOptions, outputOptions } from '../optionTable.ts';
import { datasetRequest, threadsOf } from '../requestOptions.ts';
import { bytes, count, printable, table } from '../terminal/format.ts';
import type { Verb } from '../verb.ts';

/** Problems printed for people; `--json` lists more. */
const printedProblems = 12;

export const inspectVerb: Verb = {
  name: 'inspect',
  operands: '<dataset>',
  summary: 'what is in the file: instances, turns, images, problems with their places',
  options: [
    ...datasetOptions,
    { name: 'check-images', help: 'open every image: missing, outside the roots, undecodable, wrong extension, empty, rotated' },
    { name: 'problems', value: 'N', help: 'problems listed (default: 1000; the counts are always complete)' },
    ...outputOptions,
  ],
  prepare(args) {
    const problemLimit = args.number('problems', { from: 0, to: Number.MAX_SAFE_INTEGER, integer: true });
    const request = {
      ...datasetRequest(args),
      checkImages: args.flag('check-images'),
      ...(problemLimit === undefined ? {} : { problemLimit }),
    };
    return {
      threads: threadsOf(args),
      run: async (engine, job) => {
        const report = await engine.inspect(request, job);
        return { report, text: describe(report) };
      },
    };
  },
};

function describe(report: InspectReport): string {
  const { dataset } = report;
  const lines = [
    `${dataset.path}`,
    table(
      [
        ['format', `${dataset.format}, ${dataset.variant}`],
        ['size', bytes(dataset.bytes)],
        ['sha256', dataset.sha256],
        ['instances', count(report.instances)],
        ['turns', count(report.turns)],
        ['with image', count(report.withImage)],
        ['text only', count(report.textOnly)],
        ['several images', count(report.multiImage)],
        ['distinct images', count(report.distinctImages)],
        ['distinct ids', count(report.distinctIds)],
      ].map(([name, value]) => [`${name}`.padEnd(16) + value]),
    ),
  ];
  for (const part of report.parts ?? []) lines.push(`  ${printable(part.path, 200)}: ${count(part.instances)} instances (${part.variant})`);
  if (report.checkedImages)
    lines.push(
      `  images checked: ${count(report.checkedImages.checked)}, good ${count(report.checkedImages.ok)}, exact duplicates ${count(report.checkedImages.duplicates)}`,
    );
  const kinds = Object.entries(report.problemCounts);
  if (kinds.length === 0) lines.push('  no problems found');
  else {
    lines.push('', 'Problems', table(kinds.map(([code, n]) => [code, count(n ?? 0)])));
    for (const problem of report.problems.slice(0, printedProblems)) {
      const place = problem.ordinal >= 0 ? `instance ${problem.ordinal}, ` : '';
      lines.push(`  ${place}line ${problem.line}, byte ${problem.byteStart}: ${printable(problem.message, 200)}`);
    }
    const rest = kinds.reduce((sum, [, n]) => sum + (n ?? 0), 0) - Math.min(printedProblems, report.problems.length);
    if (rest > 0) lines.push(`  … and ${count(rest)} more (--json lists them)`);
  }
  return lines.join('\n');
}

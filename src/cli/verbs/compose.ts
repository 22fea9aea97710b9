import { resolve } from 'node:path';
import type { ComposeReport, ComposeRequest } from '../../protocol/synthesis.ts';
import { parseNumber } from '../arguments.ts';
import { datasetOptions, outputOptions, seedOption } from '../optionTable.ts';
import { datasetRequest, seedOf, threadsOf } from '../requestOptions.ts';
import { bytes, count } from '../terminal/format.ts';
import { UsageError } from '../usageError.ts';
import type { Verb } from '../verb.ts';

export const composeVerb: Verb = {
  name: 'compose',
  operands: '<dataset> -o OUT --synthetic STAGING',
  summary: 'a selection and accepted synthetic instances as one dataset of exactly the wanted volume',
  options: [
    ...datasetOptions,
    seedOption,
    { name: 'output', value: 'OUT', help: 'result file, also -o; manifest and synthetic images are written beside it' },
    { name: 'selection', value: 'MANIFEST', help: 'manifest or result of rebalance or select (default: every instance is kept)' },
    {
      name: 'synthetic',
      value: 'STAGING',
      repeatable: true,
      help: 'staging folder, may be given several times; only accepted instances are merged',
    },
    { name: 'volume', value: 'N|keep', help: "instances of the result; keep: the dataset's own number (default: keep)" },
    ...outputOptions,
  ],
  prepare(args) {
    const output = args.path('output');
    if (!output) throw new UsageError('output', 'Say where the result goes with -o OUT.');
    const synthetic = args.texts('synthetic')?.map((path) => resolve(path));
    if (!synthetic) throw new UsageError('synthetic', 'Name the staging folder of the synthetic instances with --synthetic STAGING.');
    const volume = args.text('volume') ?? 'keep';
    const selection = args.path('selection');
    const request: ComposeRequest = {
      ...datasetRequest(args),
      output,
      synthetic,
      volume: volume === 'keep' ? 'keep' : parseNumber('--volume', volume, { from: 1, to: 0xffff_ffff, integer: true }),
      seed: seedOf(args),
      ...(selection === undefined ? {} : { selection }),
    };
    return {
      threads: threadsOf(args),
      run: async (engine, job) => {
        const report = await engine.compose(request, job);
        return { report, text: describe(report) };
      },
    };
  },
};

function describe(report: ComposeReport): string {
  const methods = Object.entries(report.methods).map(([method, n]) => `${count(n)} ${method}`);
  return [
    `Composed ${count(report.volume)} instances: ${count(report.kept)} of ${count(report.instances)} kept, ${count(report.synthetic)} of ${count(report.accepted)} accepted synthetic ones added${methods.length > 0 ? ` (${methods.join(', ')})` : ''}.`,
    `Accepted by hand: ${count(report.acceptedBy.person)}, because every gate passed: ${count(report.acceptedBy.gates)}.`,
    '',
    `  ${report.output.path}  (${bytes(report.output.bytes)})`,
    `  ${report.manifest}`,
    ...(report.images === null ? [] : [`  ${report.images}  (synthetic images)`]),
    ...(report.imageRoots.length > 1 ? ['', `Image paths start from: ${report.imageRoots.join(', ')}`] : []),
  ].join('\n');
}

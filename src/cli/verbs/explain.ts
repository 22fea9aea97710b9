import { perspectives } from '../../protocol/perspectives.ts';
import type { Receipt } from '../../protocol/reports.ts';
import { datasetOptions, outputOptions } from '../optionTable.ts';
import { datasetRequest, threadsOf } from '../requestOptions.ts';
import { count, decimal, percent, printable, table, threshold } from '../terminal/format.ts';
import { describeStrategyReceipt } from '../terminal/strategyReceipt.ts';
import { UsageError } from '../usageError.ts';
import type { Verb } from '../verb.ts';

export const explainVerb: Verb = {
  name: 'explain',
  operands: '<dataset> --instance N',
  summary: 'the receipt of one instance: why it was kept or dropped',
  options: [
    ...datasetOptions,
    { name: 'instance', value: 'N', help: '0-based position in the dataset' },
    { name: 'manifest', value: 'M', help: 'manifest of the run (default: the newest run of this dataset)' },
    ...outputOptions,
  ],
  prepare(args) {
    const instance = args.number('instance', { from: 0, to: Number.MAX_SAFE_INTEGER, integer: true });
    if (instance === undefined) throw new UsageError('instance', 'Say which instance with --instance N (0-based position in the dataset).');
    const manifest = args.path('manifest');
    const request = { ...datasetRequest(args), instance, ...(manifest === undefined ? {} : { manifest }) };
    return {
      threads: threadsOf(args),
      run: async (engine, job) => {
        const receipt = await engine.explain(request, job);
        return { report: receipt, text: receipt.strategy ? describeStrategyReceipt(receipt) : describe(receipt) };
      },
    };
  },
};

function describe(receipt: Receipt): string {
  const { flip } = receipt;
  const lines = [
    `Instance ${receipt.ordinal}${receipt.id === null ? '' : ` (id ${printable(receipt.id)})`} was ${receipt.verdict}; keep probability ${percent(receipt.keepProbability)}.`,
    receipt.override
      ? `An override forces it to be ${receipt.override.verdict === 'keep' ? 'kept' : 'dropped'}${receipt.override.reason === '' ? '' : `: ${printable(receipt.override.reason, 200)}`}.`
      : receipt.protected
        ? 'It is protected.'
        : `${receipt.passes} of ${Object.keys(receipt.perspectives).length} perspectives passed, at least ${receipt.minPerspectives} must.`,
  ];
  if (receipt.alphaDraw !== undefined)
    lines.push(
      `alpha ${receipt.alpha}: draw ${decimal(receipt.alphaDraw, 4)} ${receipt.alphaDraw < receipt.alpha ? 'is below it, kept' : 'is not below it, dropped'}.`,
    );
  for (const perspective of perspectives) {
    const one = receipt.perspectives[perspective];
    if (!one) continue;
    lines.push('', `${perspective}: ${one.passed ? 'passed' : 'not passed'} (probability ${percent(one.q)}, tau ${threshold(one.tau)})`);
    if (one.entities.length > 0) {
      lines.push(
        table([
          ['entity', 'frequency', 'probability', 'draw', ''],
          ...one.entities.map(({ entity, frequency, probability, draw, won }) => [
            printable(entity, 40),
            count(frequency),
            decimal(probability, 4),
            draw === undefined ? '-' : decimal(draw, 4),
            won ? 'won' : '',
          ]),
        ]),
      );
    }
  }
  if (flip) lines.push('', describeFlip(flip));
  return lines.join('\n');
}

function describeFlip(flip: NonNullable<Receipt['flip']>): string {
  const what = flip.parameter === 'tau' ? `tau of ${flip.perspective}` : flip.parameter;
  const value = (number: number | null): string => (number === null ? '-' : Number.isInteger(number) ? count(number) : decimal(number, 4));
  const entity = flip.entity ? ` (entity "${printable(flip.entity)}")` : '';
  return `The smallest change that turns this: ${what} from ${value(flip.from)} to ${value(flip.to)}${entity}.`;
}

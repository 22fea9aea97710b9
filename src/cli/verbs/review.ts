import { candidateStatuses, gateNames, type ReviewDecision, type ReviewPage, synthesisMethods } from '../../protocol/synthesis.ts';
import type { Arguments } from '../arguments.ts';
import { outputOptions } from '../optionTable.ts';
import { onePositional } from '../requestOptions.ts';
import { count, decimal, printable, table } from '../terminal/format.ts';
import { UsageError } from '../usageError.ts';
import type { Verb } from '../verb.ts';

export const reviewVerb: Verb = {
  name: 'review',
  operands: '<staging>',
  summary: 'look at staged instances, accept or reject them; only accepted ones are ever composed',
  options: [
    { name: 'list', help: 'list candidates (what happens without another option)' },
    { name: 'accept', value: 'IDS|gated', help: 'ids joined by commas, or gated: all pending ones that are through every gate' },
    { name: 'reject', value: 'IDS', help: 'ids joined by commas' },
    { name: 'reason', value: 'TEXT', help: 'why, with --accept or --reject' },
    { name: 'undo', help: 'take the latest decision back' },
    { name: 'status', value: 'NAME', help: `list only pending, accepted or rejected ones` },
    { name: 'method', value: 'NAME', help: 'list only those of a method' },
    { name: 'gate', value: 'NAME', help: 'list only those that this gate stopped' },
    { name: 'entity', value: 'NAME', help: 'list only those made for this entity' },
    { name: 'offset', value: 'N', help: 'first one listed (default: 0)' },
    { name: 'limit', value: 'N', help: 'how many are listed, 1 to 1000 (default: 100)' },
    ...outputOptions,
  ],
  prepare(args) {
    const staging = onePositional(args, 'staging');
    const accept = args.text('accept');
    const reject = args.text('reject');
    const undo = args.flag('undo');
    const reason = args.text('reason');
    if ([accept, reject, undo || undefined, args.flag('list') || undefined].filter((each) => each !== undefined).length > 1)
      throw new UsageError('accept', 'Give one of --list, --accept, --reject and --undo.');
    if (reject !== undefined && reason === undefined) throw new UsageError('reason', 'Say why with --reason TEXT.');
    if (reason !== undefined && accept === undefined && reject === undefined)
      throw new UsageError('reason', '--reason goes with --accept or --reject.');
    const because = reason === undefined ? {} : { reason };
    return {
      threads: 1,
      run: async (engine, job) => {
        if (undo) return decided(await engine.reviewUndo({ staging }, job));
        if (accept !== undefined)
          return decided(
            await engine.reviewDecide({ staging, ids: accept === 'gated' ? 'gated' : idsOf(accept), status: 'accepted', ...because }, job),
          );
        if (reject !== undefined)
          return decided(await engine.reviewDecide({ staging, ids: idsOf(reject), status: 'rejected', ...because }, job));
        const report = await engine.reviewList({ staging, ...filterOf(args) }, job);
        return { report, text: describe(report) };
      },
    };
  },
};

function idsOf(text: string): string[] {
  return text
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
}

function filterOf(args: Arguments): object {
  const filter = {
    status: args.choice('status', candidateStatuses),
    method: args.choice('method', synthesisMethods),
    gate: args.choice('gate', gateNames),
    entity: args.text('entity'),
    offset: args.number('offset', { from: 0, to: Number.MAX_SAFE_INTEGER, integer: true }),
    limit: args.number('limit', { from: 1, to: 1000, integer: true }),
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

function decided(report: ReviewDecision): { report: ReviewDecision; text: string } {
  const { counts } = report;
  return {
    report,
    text: `${count(report.changed.length)} changed; now ${count(counts.accepted)} accepted, ${count(counts.rejected)} rejected, ${count(counts.pending)} pending.`,
  };
}

function describe({ counts, total, offset, candidates }: ReviewPage): string {
  const lines = [
    `${count(counts.planned)} planned, ${count(counts.made)} made, ${count(counts.gated)} through all gates; ${count(counts.accepted)} accepted, ${count(counts.rejected)} rejected, ${count(counts.pending)} pending.`,
  ];
  if (candidates.length > 0)
    lines.push(
      '',
      table([
        ['id', 'status', 'method', 'instance', 'for', 'score', 'reason'],
        ...candidates.map(({ id, status, method, parent, targets, gates, reason }) => [
          id,
          status,
          method,
          String(parent.ordinal),
          printable(targets[0]?.entity ?? '-', 24),
          similarityOf(gates),
          reason === null ? '' : printable(reason, 40),
        ]),
      ]),
    );
  const behind = total - offset - candidates.length;
  if (behind > 0) lines.push('', `  … ${count(behind)} more (--offset ${offset + candidates.length})`);
  return lines.join('\n');
}

function similarityOf(gates: ReviewPage['candidates'][number]['gates']): string {
  const score = gates.find(({ gate }) => gate === 'similarity')?.score ?? gates.find(({ gate }) => gate === 'newText')?.score;
  return score === undefined || score === null ? '-' : decimal(score, 2);
}

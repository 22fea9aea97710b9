import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { perspectives } from '../protocol/perspectives.ts';
import {
  type AnalyzeRequest,
  type DatasetRequest,
  devices,
  hygieneSwitches,
  type Protection,
  type RebalanceRequest,
  samplers,
} from '../protocol/requests.ts';
import type { Arguments } from './arguments.ts';
import { parseNumber } from './arguments.ts';
import { UsageError } from './usageError.ts';

const anyInteger = { from: -Number.MAX_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER, integer: true } as const;
const count = { from: 1, to: Number.MAX_SAFE_INTEGER, integer: true } as const;
const share = { from: 0, to: 1 } as const;
const positive = { from: 0, to: Number.MAX_SAFE_INTEGER, above: true } as const;
/** More threads than this never helped and cost memory each. */
const mostThreads = 256;

/** Drops undefined values, as `exactOptionalPropertyTypes` wants. */
type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };
function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Defined<T>;
}

export function onePositional(args: Arguments, what: string): string {
  const [first, ...rest] = args.positionals;
  if (first === undefined) throw new UsageError(what, `Give the ${what}. See --help.`);
  if (rest.length > 0) throw new UsageError(what, `Only one ${what} is expected; got also "${rest.join('" "')}".`);
  return resolve(first);
}

export function threadsOf(args: Arguments): number {
  return args.number('threads', { from: 1, to: mostThreads, integer: true }) ?? availableParallelism();
}

export function seedOf(args: Arguments): number {
  return args.number('seed', anyInteger) ?? 42;
}

export function datasetRequest(args: Arguments): DatasetRequest {
  return {
    dataset: onePositional(args, 'dataset'),
    ...defined({
      images: args.texts('images')?.map((root) => resolve(root)),
      runDir: args.path('run-dir'),
      threads: threadsOf(args),
      device: args.choice('device', devices),
    }),
  } as DatasetRequest;
}

export function analyzeRequest(args: Arguments): AnalyzeRequest {
  const hygiene = args.text('hygiene') === 'none' ? [] : args.list('hygiene', hygieneSwitches);
  return {
    ...datasetRequest(args),
    ...defined({
      perspectives: args.list('perspectives', perspectives),
      entities: args.path('entities'),
      mass: args.numberMap('mass', perspectives, share),
      tau: args.numberMap('tau', perspectives, positive),
      hygiene,
      minFrequency: args.number('min-frequency', count),
      lexicon: args.path('lexicon'),
      stopList: args.path('stop-list'),
    }),
  } as AnalyzeRequest;
}

export function rebalanceRequest(args: Arguments): RebalanceRequest {
  const request = {
    ...analyzeRequest(args),
    seed: seedOf(args),
    dryRun: args.flag('dry-run'),
    ...defined({
      output: args.path('output'),
      minPerspectives: args.number('min-perspectives', count),
      alpha: args.number('alpha', share),
      target: targetOf(args.text('target')),
      targetBy: args.choice('target-by', ['tau', 'mass', 'alpha'] as const),
      sampler: args.choice('sampler', samplers),
      protect: args.texts('protect')?.map(protectionOf),
      randomControl: args.path('random-control'),
    }),
  } as RebalanceRequest;
  if (!request.output && !request.dryRun) throw new UsageError('output', 'Say where the result goes with -o OUT, or use --dry-run.');
  if (request.targetBy && !request.target) throw new UsageError('target-by', '--target-by needs --target.');
  if (request.targetBy === 'alpha' && request.alpha !== undefined)
    throw new UsageError('alpha', '--target-by alpha computes alpha; leave --alpha out.');
  const composed = request.perspectives?.length ?? perspectives.length;
  if ((request.minPerspectives ?? 1) > composed) {
    throw new UsageError(
      'min-perspectives',
      `--min-perspectives ${request.minPerspectives} can never hold: only ${composed} ${composed === 1 ? 'perspective is' : 'perspectives are'} composed.`,
    );
  }
  return request;
}

function targetOf(text: string | undefined): RebalanceRequest['target'] | undefined {
  if (text === undefined) return undefined;
  if (text.endsWith('%')) return { kind: 'percent', value: parseNumber('--target', text.slice(0, -1), { from: 0, to: 100, above: true }) };
  return { kind: 'count', value: parseNumber('--target', text, positive) };
}

function protectionOf(text: string): Protection {
  if (text === 'text-only') return { kind: 'text-only' };
  const equals = text.indexOf('=');
  if (equals < 1) throw new UsageError('protect', `--protect takes text-only or FIELD=VALUE; got "${text}".`);
  return { kind: 'field', field: text.slice(0, equals), value: text.slice(equals + 1) };
}

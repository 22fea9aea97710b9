import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { type Perspective, perspectives } from '../protocol/perspectives.ts';
import { planSuffix, type RebalancePlan } from '../protocol/plan.ts';
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
/** Seed of whoever gives none. */
const defaultSeed = 42;
const positive = { from: 0, to: Number.MAX_SAFE_INTEGER, above: true } as const;
/** More threads than this never helped and cost memory each. */
const mostThreads = 256;

/** Drops undefined values, as `exactOptionalPropertyTypes` wants. */
type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };
function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Defined<T>;
}

export function onePositional(args: Arguments, what: string): string {
  const first = optionalPositional(args, what);
  if (first === undefined) throw new UsageError(what, `Give the ${what}. See --help.`);
  return first;
}

export function optionalPositional(args: Arguments, what: string): string | undefined {
  const [first, ...rest] = args.positionals;
  if (rest.length > 0) throw new UsageError(what, `Only one ${what} is expected; got also "${rest.join('" "')}".`);
  return first === undefined ? undefined : resolve(first);
}

export function threadsOf(args: Arguments): number {
  return args.number('threads', { from: 1, to: mostThreads, integer: true }) ?? availableParallelism();
}

export function seedOf(args: Arguments): number {
  return args.number('seed', anyInteger) ?? defaultSeed;
}

export function datasetRequest(args: Arguments): DatasetRequest {
  return { dataset: onePositional(args, 'dataset'), ...datasetSettings(args) };
}

function datasetSettings(args: Arguments): Omit<DatasetRequest, 'dataset'> {
  return {
    ...defined({
      images: args.texts('images')?.map((root) => resolve(root)),
      runDir: args.path('run-dir'),
      threads: threadsOf(args),
      device: args.choice('device', devices),
    }),
  };
}

export function analyzeRequest(args: Arguments): AnalyzeRequest {
  return { dataset: onePositional(args, 'dataset'), ...analyzeSettings(args) };
}

function analyzeSettings(args: Arguments): Omit<AnalyzeRequest, 'dataset'> {
  const hygiene = args.text('hygiene') === 'none' ? [] : args.list('hygiene', hygieneSwitches);
  return {
    ...datasetSettings(args),
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
  };
}

/** What the command line says of a rebalancing: only what was given, so that a plan can fill the rest. */
export interface RebalanceOptions {
  /** May be left out when a plan names it. */
  readonly dataset?: string;
  readonly settings: Omit<RebalanceRequest, 'dataset'>;
  readonly plan?: string;
  readonly savePlan?: string;
}

export function rebalanceOptions(args: Arguments): RebalanceOptions {
  const plan = args.path('plan');
  const dataset = plan === undefined ? onePositional(args, 'dataset') : optionalPositional(args, 'dataset');
  const savePlan = args.path('save-plan');
  const settings = {
    ...analyzeSettings(args),
    dryRun: args.flag('dry-run'),
    ...defined({
      seed: args.number('seed', anyInteger),
      output: args.path('output'),
      minPerspectives: args.number('min-perspectives', count),
      alpha: args.number('alpha', share),
      target: targetOf(args.text('target')),
      targetBy: args.choice('target-by', ['tau', 'mass', 'alpha'] as const),
      sampler: args.choice('sampler', samplers),
      protect: args.texts('protect')?.map(protectionOf),
      randomControl: args.path('random-control'),
    }),
  };
  if (!settings.output && !settings.dryRun) throw new UsageError('output', 'Say where the result goes with -o OUT, or use --dry-run.');
  if (savePlan !== undefined && !savePlan.endsWith(planSuffix))
    throw new UsageError(
      'save-plan',
      `--save-plan takes a file named NAME${planSuffix}, so that editors know what it is; got "${savePlan}".`,
    );
  return { settings, ...defined({ dataset, plan, savePlan }) };
}

/**
 * The request of a call: its options over those of the plan. Masses and thresholds are merged by perspective; a mass given here takes the
 * place of the plan's threshold there. @throws UsageError where they do not go together
 */
export function rebalanceRequest({ dataset, settings, plan: path }: RebalanceOptions, plan?: RebalancePlan): RebalanceRequest {
  const request: RebalanceRequest = {
    seed: defaultSeed,
    ...plan,
    ...settings,
    ...(plan ? mergedThresholds(plan, settings) : {}),
    dataset: dataset ?? plan?.dataset ?? '',
    ...(path === undefined || path.endsWith('.manifest.json') ? {} : { plan: path }),
  };
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

function mergedThresholds(plan: RebalancePlan, given: RebalanceOptions['settings']): Pick<RebalanceRequest, 'mass' | 'tau'> {
  const kept = Object.entries(plan.tau ?? {}).filter(([perspective]) => given.mass?.[perspective as Perspective] === undefined);
  const mass = { ...plan.mass, ...given.mass };
  const tau = { ...Object.fromEntries(kept), ...given.tau };
  return { ...(plan.mass || given.mass ? { mass } : {}), ...(plan.tau || given.tau ? { tau } : {}) };
}

/** What of a request a plan keeps: everything but where results go and how the machine is used. */
export function planOf(request: RebalanceRequest): RebalancePlan {
  const {
    output,
    randomControl,
    dryRun,
    threads,
    device,
    runDir,
    top,
    entity,
    entityPerspective,
    export: _,
    hygieneEffects,
    plan,
    ...rest
  } = request;
  return rest;
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

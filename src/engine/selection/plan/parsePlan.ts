import * as v from 'valibot';
import { perspectives } from '../../../protocol/perspectives.ts';
import { planVersion } from '../../../protocol/plan.ts';
import { EngineError } from '../../jobs/engineError.ts';
import { findPlaces, type JsonPlaces, lineAt } from './jsonPlaces.ts';
import { nearestWord } from './nearestWord.ts';
import { overrideSchema, type PlanFile, planKeys, planSchema } from './planSchema.ts';

type PlanIssue = v.InferIssue<typeof planSchema>;

/** Longest value repeated in a message, in characters. */
const shownCharacters = 60;

/** A plan file's text. @param path for messages @throws EngineError `plan.invalid` with path, key and line */
export function parsePlan(text: string, path: string): PlanFile {
  const plain = text.startsWith('\ufeff') ? text.slice(1) : text;
  const places = findPlaces(plain);
  if (places.error !== undefined) {
    const line = lineAt(plain, places.error);
    throw new EngineError('plan.invalid', `${path}, line ${line}: this is no valid JSON${nextTo(plain, places.error)}.`, { path, line });
  }
  const parsed = v.safeParse(planSchema, JSON.parse(plain));
  if (parsed.success) return parsed.output;
  throw invalid(parsed.issues[0], path, { text: plain, places });
}

/** Checks a plan that is about to be written. @throws EngineError `plan.invalid` */
export function checkPlan(plan: unknown, path: string): PlanFile {
  const parsed = v.safeParse(planSchema, plan);
  if (parsed.success) return parsed.output;
  throw invalid(parsed.issues[0], path);
}

/** Checks the settings of a request like those of a plan. @throws EngineError `usage` naming the option */
export function checkSettings(request: Readonly<Record<string, unknown>>): void {
  const settings = planKeys.filter((key) => !isEmptyList(key, request[key])).map((key) => [key, request[key]] as const);
  const given = Object.fromEntries(settings.filter(([, value]) => value !== undefined));
  const parsed = v.safeParse(planSchema, { ...given, ballastPlan: planVersion });
  if (parsed.success) return;
  const { keys, key } = placeOf(parsed.issues[0]);
  throw new EngineError('usage', sentence(parsed.issues[0], keys, key), { option: String(keys[0] ?? '') });
}

/** A list of image roots may be empty on the wire: the default roots are meant. */
function isEmptyList(key: string, value: unknown): boolean {
  return key === 'images' && Array.isArray(value) && value.length === 0;
}

function nextTo(text: string, offset: number): string {
  const rest = text.slice(offset).trimStart().split('\n')[0] ?? '';
  return rest === '' ? ': it ends too early' : ` at ${JSON.stringify(rest.slice(0, shownCharacters))}`;
}

function invalid(issue: PlanIssue, path: string, source?: { readonly text: string; readonly places: JsonPlaces }): EngineError {
  const { keys, key } = placeOf(issue);
  const line = source && lineAt(source.text, source.places.offsetOf(keys));
  const where = line === undefined ? path : `${path}, line ${line}`;
  return new EngineError('plan.invalid', `${where}: ${sentence(issue, keys, key)}`, {
    path,
    ...(line === undefined ? {} : { line }),
    ...(key === '' ? {} : { key }),
  });
}

/** Path of an issue as keys and as people write it: `overrides[2].verdict`. */
function placeOf(issue: PlanIssue): { readonly keys: readonly (string | number)[]; readonly key: string } {
  const keys = (issue.path ?? []).map(({ key }) => key as string | number);
  return { keys, key: keys.map((one, i) => (typeof one === 'number' ? `[${one}]` : i === 0 ? one : `.${one}`)).join('') };
}

function sentence(issue: PlanIssue, keys: readonly (string | number)[], key: string): string {
  const last = keys.at(-1);
  if (issue.type === 'strict_object' && typeof last === 'string' && !Array.isArray(issue.path?.[0].input)) {
    const parent = keys.slice(0, -1);
    if (issue.expected === 'never') return unknownKey(last, parent);
    const owner = parent.length === 0 ? 'a plan' : `"${key.slice(0, key.length - last.length - 1)}"`;
    return `"${last}" is missing; ${owner} needs it${last === 'ballastPlan' ? ', with the value 1' : ''}.`;
  }
  const got = `got ${shortened(issue.input)}`;
  if (keys.length === 0 || issue.type === 'strict_object') return `a plan is ${issue.message}; ${got}.`;
  const allowed =
    issue.type === 'variant' && last === 'kind' ? issue.expected.replaceAll(/[()]/g, '').replaceAll(' | ', ', ') : issue.message;
  return `"${key}" takes ${allowed}; ${got}.`;
}

function unknownKey(key: string, parent: readonly (string | number)[]): string {
  const known = knownKeys(parent);
  const near = nearestWord(key, known);
  const owner = parent.length === 0 ? 'a plan' : `"${parent[0]}"`;
  const advice = near === undefined ? `known are ${known.join(', ')}` : `did you mean "${near}"?`;
  return `${JSON.stringify(key.slice(0, shownCharacters))} is no key of ${owner}; ${advice}${near === undefined ? '.' : ''}`;
}

function knownKeys(parent: readonly (string | number)[]): readonly string[] {
  switch (parent[0]) {
    case undefined:
      return planKeys;
    case 'mass':
    case 'tau':
      return perspectives;
    case 'target':
      return ['kind', 'value'];
    case 'protect':
      return ['kind', 'field', 'value'];
    default:
      return Object.keys(overrideSchema.entries);
  }
}

function shortened(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}

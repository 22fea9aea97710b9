import { type Perspective, perspectives } from '../../../protocol/perspectives.ts';
import type { ParameterDeclaration, ParameterName, StrategyDeclaration, StrategyParameters } from '../../../protocol/select.ts';
import { EngineError } from '../../jobs/engineError.ts';

const names: readonly ParameterName[] = ['preset', 'temperature', 'neighbours', 'gamma', 'cut', 'stratify', 'floors'];

/**
 * The strategy's parameters from a request, checked against its declaration, defaults filled in.
 * @throws EngineError `usage` for a parameter that it does not read, or a value out of range
 */
export function resolveParameters(
  { name: strategy, parameters }: StrategyDeclaration,
  given: StrategyParameters,
  all: readonly StrategyDeclaration[],
): StrategyParameters {
  for (const name of names) {
    if (given[name] === undefined || parameters.some((one) => one.name === name)) continue;
    const readers = all.filter((one) => one.parameters.some((parameter) => parameter.name === name)).map((one) => one.name);
    fail(name, `is nothing that ${strategy} reads; ${readers.join(', ')} ${readers.length === 1 ? 'does' : 'do'}.`);
  }
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, checkedValue(parameter, given[parameter.name], strategy)]));
}

/** Option of the command line that sets a parameter. */
export function optionOf(name: ParameterName): string {
  return name === 'floors' ? 'floor' : name;
}

function checkedValue(parameter: ParameterDeclaration, given: unknown, strategy: string): unknown {
  switch (parameter.kind) {
    case 'choice': {
      const value = given ?? parameter.default;
      if (!parameter.choices.some((choice) => choice === value))
        fail(parameter.name, `of ${strategy} takes ${parameter.choices.join(', ')}; got "${value}".`);
      return value;
    }
    case 'number': {
      const value = given ?? parameter.default;
      const { from, to, above, integer } = parameter;
      const isNumber = typeof value === 'number' && Number.isFinite(value) && (!integer || Number.isInteger(value));
      if (!isNumber || value < from || value > to || (above && value === from))
        fail(
          parameter.name,
          `takes ${integer ? 'a whole number' : 'a number'} ${above ? `above ${from}` : `of at least ${from}`}${to < Number.MAX_VALUE ? ` up to ${to}` : ''}; got ${String(value)}.`,
        );
      return value;
    }
    case 'floors':
      return floorsOf(given, strategy);
  }
}

function floorsOf(given: unknown, strategy: string): Partial<Record<Perspective, number>> {
  const floors: Partial<Record<Perspective, number>> = {};
  for (const perspective of perspectives) {
    const value = typeof given === 'object' && given !== null ? (given as Readonly<Record<string, unknown>>)[perspective] : undefined;
    if (value === undefined) continue;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1)
      fail('floors', `${perspective} takes a whole number of at least 1; got ${String(value)}.`);
    floors[perspective] = value;
  }
  if (Object.keys(floors).length === 0) fail('floors', `PERSPECTIVE=COUNT is what ${strategy} needs, e.g. --floor object=5.`);
  return floors;
}

function fail(name: ParameterName, why: string): never {
  throw new EngineError('usage', `--${optionOf(name)} ${why}`, { option: optionOf(name) });
}

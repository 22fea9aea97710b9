import type { ParameterDeclaration, ParameterName, StrategyDeclaration, StrategyParameters } from '../protocol/select.ts';
import type { Arguments } from './arguments.ts';
import { floorsOf } from './clusteringOptions.ts';
import type { OptionSpec } from './optionTable.ts';
import { UsageError } from './usageError.ts';

/** Options for all parameters that strategies declare; one that several declare is one option, each with its own default. */
export function parameterSpecs(strategies: readonly StrategyDeclaration[]): OptionSpec[] {
  const specs = new Map<ParameterName, { value: string; repeatable: boolean; lines: Map<string, string[]> }>();
  for (const { name: strategy, parameters } of strategies) {
    for (const parameter of parameters) {
      const spec = specs.get(parameter.name) ?? {
        value: placeholder(parameter),
        repeatable: parameter.kind === 'floors',
        lines: new Map(),
      };
      const line = parameter.kind === 'floors' ? parameter.help : `${parameter.help} (default: ${parameter.default})`;
      spec.lines.set(line, [...(spec.lines.get(line) ?? []), strategy]);
      specs.set(parameter.name, spec);
    }
  }
  return [...specs].map(([name, { value, repeatable, lines }]) => ({
    name: optionOf(name),
    value,
    ...(repeatable ? { repeatable } : {}),
    help: [...lines].map(([line, readers]) => `${readers.join(', ')}: ${line}`).join('\n'),
  }));
}

/** The chosen strategy's parameters. @throws UsageError for one that it does not read, or a value out of range */
export function strategyParameters(
  args: Arguments,
  strategy: StrategyDeclaration,
  all: readonly StrategyDeclaration[],
): StrategyParameters {
  const values: Partial<Record<ParameterName, unknown>> = {};
  for (const name of new Set(all.flatMap(({ parameters }) => parameters.map((parameter) => parameter.name)))) {
    const option = optionOf(name);
    const declared = strategy.parameters.find((parameter) => parameter.name === name);
    if (!declared) {
      if (args.text(option) !== undefined || args.texts(option) !== undefined)
        throw new UsageError(option, `--${option} is nothing that ${strategy.name} reads. See --help.`);
      continue;
    }
    const value = readParameter(args, option, declared);
    if (value !== undefined) values[name] = value;
    else if (declared.kind === 'floors')
      throw new UsageError(option, `${strategy.name} needs --floor PERSPECTIVE=COUNT, e.g. --floor object=5.`);
  }
  return values as StrategyParameters;
}

function readParameter(args: Arguments, option: string, parameter: ParameterDeclaration): unknown {
  switch (parameter.kind) {
    case 'choice':
      return args.choice(option, parameter.choices);
    case 'number':
      return args.number(option, parameter);
    case 'floors':
      return floorsOf(args.texts(option));
  }
}

function placeholder(parameter: ParameterDeclaration): string {
  if (parameter.kind === 'choice') return parameter.choices.join('|');
  return parameter.kind === 'floors' ? 'PERSPECTIVE=COUNT' : parameter.integer ? 'N' : 'X';
}

function optionOf(name: ParameterName): string {
  return name === 'floors' ? 'floor' : name;
}

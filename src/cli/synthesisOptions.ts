import { methodDeclarations } from '../engine/createEngine.ts';
import type {
  MethodDeclaration,
  SynthesisLimits,
  SynthesisParameterDeclaration,
  SynthesisParameterName,
  SynthesisParameters,
} from '../protocol/synthesis.ts';
import type { Arguments } from './arguments.ts';
import type { OptionSpec } from './optionTable.ts';
import { UsageError } from './usageError.ts';

const declarations = methodDeclarations();

/** Options for all parameters that methods declare; one that several declare is one option, each with its own default. */
export function parameterSpecs(): OptionSpec[] {
  const specs = new Map<SynthesisParameterName, { readonly value: string; readonly lines: Map<string, string[]> }>();
  for (const { name: method, parameters } of declarations) {
    for (const parameter of parameters) {
      const spec = specs.get(parameter.name) ?? { value: placeholder(parameter), lines: new Map<string, string[]>() };
      const line = `${parameter.help} (default: ${parameter.default})`;
      spec.lines.set(line, [...(spec.lines.get(line) ?? []), method]);
      specs.set(parameter.name, spec);
    }
  }
  return [...specs].map(([name, { value, lines }]) => ({
    name: optionOf(name),
    value,
    help: [...lines].map(([line, readers]) => `${readers.join(', ')}: ${line}`).join('\n'),
  }));
}

/** The chosen method's parameters. @throws UsageError for one that it does not read, or a value out of range */
export function methodParameters(args: Arguments, method: MethodDeclaration): SynthesisParameters {
  const values: Partial<Record<SynthesisParameterName, unknown>> = {};
  for (const name of new Set(declarations.flatMap(({ parameters }) => parameters.map((parameter) => parameter.name)))) {
    const option = optionOf(name);
    const declared = method.parameters.find((parameter) => parameter.name === name);
    if (!declared) {
      if (args.text(option) !== undefined) throw new UsageError(option, `--${option} is nothing that ${method.name} reads. See --help.`);
      continue;
    }
    const value = declared.kind === 'choice' ? args.choice(option, declared.choices) : args.number(option, declared);
    if (value !== undefined) values[name] = value;
  }
  return values as SynthesisParameters;
}

export const limitSpecs: readonly OptionSpec[] = [
  { name: 'concurrency', value: 'N', help: 'requests under way at once, 1 to 64 (default: 4)' },
  { name: 'requests-per-minute', value: 'N', help: 'pace of requests (default: as fast as answers come)' },
  { name: 'max-requests', value: 'N', help: 'requests of this call at most, retries included' },
  { name: 'max-cost', value: 'X', help: 'money of this call at most, in the unit of the prices' },
  { name: 'price-input', value: 'X', help: 'price of a million input tokens' },
  { name: 'price-output', value: 'X', help: 'price of a million output tokens' },
  { name: 'price-image', value: 'X', help: 'price of an image' },
  { name: 'attempts', value: 'N', help: 'attempts per request, 1 to 10 (default: 5)' },
  { name: 'timeout', value: 'SECONDS', help: 'until a request is given up (default: 120)' },
];

export function limitsOf(args: Arguments): SynthesisLimits {
  const above = { from: 0, to: Number.MAX_SAFE_INTEGER, above: true } as const;
  const price = { from: 0, to: Number.MAX_SAFE_INTEGER } as const;
  const limits = {
    concurrency: args.number('concurrency', { from: 1, to: 64, integer: true }),
    requestsPerMinute: args.number('requests-per-minute', above),
    maxRequests: args.number('max-requests', { from: 1, to: Number.MAX_SAFE_INTEGER, integer: true }),
    maxCost: args.number('max-cost', above),
    priceInput: args.number('price-input', price),
    priceOutput: args.number('price-output', price),
    priceImage: args.number('price-image', price),
    attempts: args.number('attempts', { from: 1, to: 10, integer: true }),
    timeout: args.number('timeout', above),
  };
  if (
    limits.maxCost !== undefined &&
    limits.priceInput === undefined &&
    limits.priceOutput === undefined &&
    limits.priceImage === undefined
  )
    throw new UsageError('max-cost', '--max-cost needs prices: --price-input, --price-output or --price-image.');
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

function placeholder(parameter: SynthesisParameterDeclaration): string {
  return parameter.kind === 'choice' ? parameter.choices.join('|') : parameter.integer ? 'N' : 'X';
}

/** `maxTokens` is `--max-tokens`. */
function optionOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
}

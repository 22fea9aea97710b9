import type { MethodDeclaration, SynthesisParameterName, SynthesizeRequest } from '../../protocol/synthesis.ts';
import { option } from '../selection/cliCommand.ts';

/** Seed of a command line that names none. */
const defaultSeed = 42;

/** Arguments of `ballast` that do what the request asks the engine for. Keys are no arguments: the command reads the environment. */
export function synthesizeArguments(request: SynthesizeRequest, { parameters }: MethodDeclaration): readonly string[] {
  const values = request as Readonly<Partial<Record<SynthesisParameterName, string | number>>>;
  return [
    'synthesize',
    request.dataset,
    ...option('method', request.method),
    ...option('provider', request.provider),
    ...option('model', request.model),
    ...option('endpoint', request.endpoint),
    ...option('text-endpoint', request.textEndpoint),
    ...option('text-model', request.textModel),
    ...flag('confirm', request.confirm),
    ...flag('accept-licence', request.acceptLicence),
    ...option('count', request.count),
    ...option('quota', request.quota),
    ...option('per-parent', request.perParent),
    ...option('entity-cap', request.entityCap),
    ...option('want-at-least', request.wantAtLeast),
    ...parameters.flatMap(({ name }) => option(optionName(name), values[name])),
    ...option('concurrency', request.concurrency),
    ...option('requests-per-minute', request.requestsPerMinute),
    ...option('max-requests', request.maxRequests),
    ...option('max-cost', request.maxCost),
    ...option('price-input', request.priceInput),
    ...option('price-output', request.priceOutput),
    ...option('price-image', request.priceImage),
    ...option('perspectives', request.perspectives?.join(',')),
    ...option('seed', request.seed === defaultSeed ? undefined : request.seed),
    ...option('staging', request.staging),
    ...option('images', ...(request.images ?? [])),
    ...option('run-dir', request.runDir),
    ...option('threads', request.threads),
  ];
}

function flag(name: string, on: boolean | undefined): readonly string[] {
  return on ? [`--${name}`] : [];
}

/** `maxTokens` is `--max-tokens`. */
function optionName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
}

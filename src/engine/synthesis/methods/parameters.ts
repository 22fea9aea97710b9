import type { SynthesisParameterDeclaration, SynthesisParameterName, SynthesisParameters } from '../../../protocol/synthesis.ts';
import { EngineError } from '../../jobs/engineError.ts';

/** Values of parameters that a method does not declare; it never reads them. */
const unused: Required<SynthesisParameters> = {
  photometric: 0,
  senses: 1,
  temperature: 0,
  maxTokens: 1024,
  pairs: 4,
  text: 'source',
  steps: 1,
  guidance: 1,
  strength: 1,
  candidates: 1,
  size: 512,
};

/** The method's parameters with its defaults. @throws EngineError `usage` for a value out of range, or a parameter it does not read */
export function resolveMethodParameters(
  method: string,
  declared: readonly SynthesisParameterDeclaration[],
  given: SynthesisParameters,
): Required<SynthesisParameters> {
  const values: Record<string, unknown> = { ...unused };
  for (const name of Object.keys(unused) as SynthesisParameterName[]) {
    const value = given[name];
    const parameter = declared.find((one) => one.name === name);
    const fail = (what: string): EngineError => new EngineError('usage', `--${optionName(name)} ${what}`, { option: optionName(name) });
    if (!parameter) {
      if (value !== undefined) throw fail(`is nothing that ${method} reads.`);
      continue;
    }
    if (value === undefined) values[name] = parameter.default;
    else if (parameter.kind === 'choice') {
      if (typeof value !== 'string' || !parameter.choices.includes(value))
        throw fail(`takes ${parameter.choices.join(', ')}; got ${value}.`);
      values[name] = value;
    } else {
      const low = parameter.above ? Number(value) > parameter.from : Number(value) >= parameter.from;
      const fits = typeof value === 'number' && low && value <= parameter.to && (!parameter.integer || Number.isInteger(value));
      if (!fits)
        throw fail(`takes ${parameter.integer ? 'a whole number' : 'a number'} from ${parameter.from} to ${parameter.to}; got ${value}.`);
      values[name] = value;
    }
  }
  return values as unknown as Required<SynthesisParameters>;
}

/** The declared parameters alone: what a candidate's identity depends on. */
export function declaredValues(
  declared: readonly SynthesisParameterDeclaration[],
  values: Required<SynthesisParameters>,
): Record<string, string | number> {
  return Object.fromEntries(declared.map(({ name }) => [name, values[name]]));
}

/** `maxTokens` is `--max-tokens`. */
export function optionName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
}

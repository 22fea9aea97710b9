import { resolve } from 'node:path';
import { methodDeclarations } from '../../engine/createEngine.ts';
import { perspectives } from '../../protocol/perspectives.ts';
import {
  gateNames,
  type LicenceTerm,
  type LocalModel,
  type MethodDeclaration,
  type ModelLicence,
  type SynthesisProvider,
  type SynthesizeReport,
  type SynthesizeRequest,
  skipReasons,
  synthesisMethods,
  synthesisProviders,
} from '../../protocol/synthesis.ts';
import { analyzeOptions, datasetOptions, outputOptions, seedOption } from '../optionTable.ts';
import { analyzeRequest, seedOf, threadsOf } from '../requestOptions.ts';
import { limitSpecs, limitsOf, methodParameters, parameterSpecs } from '../synthesisOptions.ts';
import { bytes, count, decimal, printable, table, threshold } from '../terminal/format.ts';
import { gateWords, skipWords } from '../terminal/synthesisWords.ts';
import { UsageError } from '../usageError.ts';
import type { Verb } from '../verb.ts';

const methods = methodDeclarations();
/** Failures printed; `--json` lists more. */
const printedFailures = 5;

export const synthesizeVerb: Verb = {
  name: 'synthesize',
  operands: '<dataset> --method NAME (--count N | --quota deficit)',
  summary: 'make instances of scarce entities into a staging folder, where gates and people judge them',
  options: [
    ...datasetOptions,
    seedOption,
    { name: 'method', value: 'NAME', help: methods.map(({ name, summary }) => `${name}: ${summary}`).join('\n') },
    { name: 'count', value: 'N', help: "instances to make at most; without --quota, of so many scarce instances by the reference's rule" },
    { name: 'quota', value: 'deficit', help: 'deficit: until each scarce entity has as many instances as wanted, and none more' },
    { name: 'per-parent', value: 'N', help: 'synthetic instances per instance, 1 to 16 (default: 2 with --quota, else 1)' },
    { name: 'entity-cap', value: 'N', help: 'synthetic instances per entity at most (default: its deficit)' },
    {
      name: 'want-at-least',
      value: 'N',
      help: 'instances that an entity should have where tau is smaller (default: 3 with --quota, else 1)',
    },
    { name: 'provider', value: 'NAME', help: 'local: this machine; endpoint: an OpenAI-compatible server (default: what the method can)' },
    { name: 'model', value: 'ID', help: "the endpoint's model, or the folder of a local image model" },
    { name: 'endpoint', value: 'URL', help: 'base address, e.g. http://localhost:8000/v1' },
    { name: 'text-endpoint', value: 'URL', help: 'who writes captions and conversations of new pictures (default: --endpoint)' },
    { name: 'text-model', value: 'ID', help: 'its model, one that sees (default: --model, where that is an endpoint’s)' },
    { name: 'key-variable', value: 'NAME', help: 'environment variable with the key (default: BALLAST_API_KEY); keys are written nowhere' },
    { name: 'staging', value: 'DIR', help: 'staging folder (default: staging in the run folder)' },
    { name: 'confirm', help: 'ask the model that sees whether each new picture shows its scarce entity' },
    { name: 'accept-licence', help: 'use a local model whose licence forbids training others with what it makes' },
    ...parameterSpecs(),
    ...limitSpecs,
    { name: 'dry-run', help: 'plan only: what would be made, by whom, how many requests, how long, at what cost' },
    { name: 'top', value: 'N', help: 'entities listed in the plan (default: 20)' },
    ...analyzeOptions,
    ...outputOptions,
  ],
  prepare(args) {
    const name = args.choice('method', synthesisMethods);
    const method = methods.find((each) => each.name === name);
    if (!method) throw new UsageError('method', `Say how with --method: ${synthesisMethods.join(', ')}.`);
    const whole = { from: 1, to: Number.MAX_SAFE_INTEGER, integer: true } as const;
    const size = args.number('count', whole);
    const quota = args.choice('quota', ['deficit'] as const);
    if (size === undefined && quota === undefined) throw new UsageError('count', 'Say how much to make with --count N or --quota deficit.');
    const provider = args.choice('provider', synthesisProviders);
    if (provider && !method.providers.includes(provider))
      throw new UsageError(
        'provider',
        `--provider ${provider} does not do ${method.name}; it is done by ${method.providers.join(' or ')}.`,
      );
    const model = args.text('model');
    const given = {
      count: size,
      quota,
      perParent: args.number('per-parent', { from: 1, to: 16, integer: true }),
      entityCap: args.number('entity-cap', whole),
      wantAtLeast: args.number('want-at-least', whole),
      provider,
      model: model !== undefined && isLocal(method, provider, args.text('endpoint')) ? resolve(model) : model,
      endpoint: args.text('endpoint'),
      textEndpoint: args.text('text-endpoint'),
      textModel: args.text('text-model'),
      keyVariable: args.text('key-variable'),
      staging: args.path('staging'),
      top: args.number('top', { ...whole, to: 10_000 }),
      ...(args.flag('confirm') ? { confirm: true } : {}),
      ...(args.flag('accept-licence') ? { acceptLicence: true } : {}),
    };
    const request = {
      ...analyzeRequest(args),
      ...methodParameters(args, method),
      ...limitsOf(args),
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
      method: method.name,
      seed: seedOf(args),
      dryRun: args.flag('dry-run'),
    } as SynthesizeRequest;
    return {
      threads: threadsOf(args),
      run: async (engine, job) => {
        const report = await engine.synthesize(request, job);
        return { report, text: describe(report) };
      },
    };
  },
};

/** Whether the model is a folder here, by the rule of the engine: local where nothing else is said and it can be. */
function isLocal(method: MethodDeclaration, provider: SynthesisProvider | undefined, endpoint: string | undefined): boolean {
  return method.needs.includes('imageModel') && (provider ?? (endpoint === undefined ? method.providers[0] : 'endpoint')) === 'local';
}

function describe(report: SynthesizeReport): string {
  const { plan } = report;
  const lines = report.dryRun ? planLines(report) : resultLines(report);
  lines.push('', table(perspectiveRows(report)));
  if (plan.deficits.length > 0)
    lines.push(
      '',
      table([
        ['entity', 'perspective', 'have', 'want', 'gap', 'planned'],
        ...plan.deficits.map(({ entity, perspective, have, want, gap, planned }) => [
          printable(entity, 40),
          perspective,
          count(have),
          threshold(want),
          count(gap),
          count(planned),
        ]),
      ]),
    );
  if (plan.localModel) lines.push('', ...modelLines(plan.localModel, report.executionProviders));
  const skipped = skipReasons.flatMap((reason) => (plan.skipped[reason] ? [`  ${count(plan.skipped[reason])} ${skipWords[reason]}`] : []));
  if (skipped.length > 0) lines.push('', 'Scarce instances that nothing is made from:', ...skipped);
  lines.push('', `  ${report.staging}`);
  return lines.join('\n');
}

function modelLines({ name, bytes: size, methods: able, licence }: LocalModel, ranOn: readonly string[]): string[] {
  return [
    `  model: ${printable(name, 80)}, ${bytes(size)}; it can do ${able.join(', ')}${ranOn.length > 0 ? `; ran on ${ranOn.join(', ')}` : ''}`,
    `  licence: ${licenceText(licence)}`,
  ];
}

function licenceText({ name, file, terms, known }: ModelLicence): string {
  if (name === null) return 'its folder names none; look where the model came from';
  const what = terms.length > 0 ? terms.map((term) => licenceTerms[term]).join('; ') : known ? 'without such terms' : 'unknown: read it';
  return `${printable(name, 100)} (${file}): ${what}`;
}

const licenceTerms: Readonly<Record<LicenceTerm, string>> = {
  forbidsTraining: 'forbids training other models with its pictures (--accept-licence if you may all the same)',
  nonCommercial: 'not for commercial use',
  useRestrictions: 'forbids some uses',
};

function planLines({ plan }: SynthesizeReport): string[] {
  const { estimate } = plan;
  return [
    `Dry run: ${count(plan.planned)} instances by ${plan.method} from ${count(plan.parents)} instances; ${count(plan.scarce)} of ${count(plan.instances)} are scarce. ${count(plan.ready)} are staged already.`,
    plan.asks === null
      ? 'Nothing leaves this machine.'
      : `${count(plan.requests)} requests to ${plan.asks} (${plan.model}), retries not counted.`,
    `About ${decimal(estimate.seconds / 60)} minutes (${estimate.basis === 'staging' ? 'measured on what is staged' : 'a guess before anything was measured'})${estimate.cost === null ? '' : `, cost about ${decimal(estimate.cost, 2)}`}.`,
  ];
}

function resultLines(report: SynthesizeReport): string[] {
  const { plan, usage } = report;
  const lines = [
    `Made ${count(report.made)} of ${count(plan.planned)} planned instances by ${plan.method}${plan.method === 'augment' ? ' (plain augmentation)' : ''}; ${count(report.staged)} are staged, ${count(report.gated)} of them through all gates.`,
  ];
  const stopped = gateNames.flatMap((gate) =>
    report.stoppedBy[gate] ? [`  ${count(report.stoppedBy[gate])} by ${gate}: ${gateWords[gate]}`] : [],
  );
  if (stopped.length > 0) lines.push('Stopped by gates (review --gate NAME lists them):', ...stopped);
  if (report.failed > 0) {
    lines.push(`${count(report.failed)} failed; the same command tries them again.`);
    for (const { ordinal, message } of report.failures.slice(0, printedFailures))
      lines.push(`  instance ${ordinal}: ${printable(message, 200)}`);
  }
  if (report.stopped) lines.push(`Stopped at the limit of ${report.stopped}; the same command goes on.`);
  if (usage.requests > 0)
    lines.push(
      `${count(usage.requests)} requests, ${count(usage.inputTokens)} tokens in, ${count(usage.outputTokens)} out, ${count(usage.images)} images.`,
    );
  return lines;
}

function perspectiveRows({ plan }: SynthesizeReport): string[][] {
  return [
    ['', 'tau', 'want', 'entities below', 'gap', 'filled'],
    ...perspectives.flatMap((name) => {
      const one = plan.perspectives[name];
      return one ? [[name, threshold(one.tau), threshold(one.want), count(one.entities), count(one.gap), count(one.filled)]] : [];
    }),
  ];
}

import type { AnalyzeRequest, RebalanceRequest } from '../../protocol/requests.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { assertNotSource, realTarget } from '../dataset/outputGuard.ts';
import { EngineError } from '../jobs/engineError.ts';

/** A file of a request. */
export interface NamedOutput {
  /** Option of the command line that names the file. */
  readonly option: string;
  readonly path: string;
}

/**
 * Refuses outputs that are the source, another input of the request, or each other, before any work is done.
 * @throws EngineError `output.wouldOverwriteSource`, `usage`
 */
export async function assertOwnOutputs(
  dataset: Dataset,
  inputs: AnalyzeRequest & Pick<RebalanceRequest, 'plan'>,
  outputs: readonly NamedOutput[],
  otherInputs: readonly NamedOutput[] = [],
): Promise<void> {
  const taken = new Map<string, string>();
  for (const { option, path } of otherInputs) taken.set(await realTarget(path), `the file of --${option}`);
  for (const [option, path] of [
    ['entities', inputs.entities],
    ['lexicon', inputs.lexicon],
    ['stop-list', inputs.stopList],
    ['plan', inputs.plan],
  ] as const) {
    if (path !== undefined) taken.set(await realTarget(path), `the file of --${option}`);
  }
  for (const { option, path } of outputs) {
    await assertNotSource(dataset, path);
    const target = await realTarget(path);
    const other = taken.get(target);
    if (other !== undefined)
      throw new EngineError('usage', `--${option} would write ${path}, which is ${other}. Choose another file.`, { option, path });
    taken.set(target, `written for --${option} already`);
  }
}

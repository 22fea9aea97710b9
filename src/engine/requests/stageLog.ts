import type { Manifest } from '../../protocol/manifest.ts';
import type { Artifact } from '../runs/artifacts.ts';

type ManifestStage = Manifest['stages'][number];

/** The artifacts that a request went through, for its report and manifest. */
export class StageLog {
  readonly #stages: { readonly name: string; readonly artifact: Artifact }[] = [];

  add(name: string, artifact: Artifact): void {
    this.#stages.push({ name, artifact });
  }

  /** Stages that an earlier run had finished. */
  get reused(): string[] {
    return this.#stages.filter(({ artifact }) => artifact.reused).map(({ name }) => name);
  }

  get stages(): ManifestStage[] {
    return this.#stages.map(({ name, artifact }) => ({
      name,
      inputHash: artifact.inputHash,
      parameterHash: artifact.parameterHash,
      seconds: artifact.seconds,
    }));
  }
}

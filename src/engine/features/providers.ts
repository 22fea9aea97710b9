import type { FeatureProviderName } from '../../protocol/features.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { PerspectiveIndex } from '../entities/perspectiveIndex.ts';
import { EngineError } from '../jobs/engineError.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import type { ComputeProcess, ImageDecoder, ParquetStore } from '../runtime/contracts.ts';
import { builtinProvider } from './builtin/builtinFeatures.ts';
import type { Features } from './featureMatrix.ts';

/** What a provider may look at; nothing is read before it asks. */
export interface FeatureSources {
  readonly dataset: Dataset;
  readonly decoder: ImageDecoder;
  readonly parquet: ParquetStore;
  readonly compute: ComputeProcess;
  readonly job: JobContext;
  /** Token and interrogation index, and a hash of what is in them. Always the same, whatever the request's own entity options. */
  text(): Promise<{ readonly indexes: readonly PerspectiveIndex[]; readonly identity: string }>;
}

/** A way of computing features: one file, and one line in the table below. */
export interface FeatureProvider {
  readonly name: FeatureProviderName;
  /** @throws EngineError `features.noModel` */
  obtain(sources: FeatureSources): Promise<Features>;
}

/** Every provider that computes; `file` is an import. */
export const featureProviders: readonly FeatureProvider[] = [
  builtinProvider,
  withoutModel('clip', 'a CLIP model with image and text encoder'),
  withoutModel('siglip', 'a SigLIP model with image and text encoder'),
  withoutModel('vlm', 'a small vision-language model whose attention outputs can be read'),
];

/** A provider whose models cannot be installed yet. @param needs the end of "needs ..." */
function withoutModel(name: FeatureProviderName, needs: string): FeatureProvider {
  return {
    name,
    obtain() {
      throw new EngineError(
        'features.noModel',
        `The feature provider ${name} needs ${needs}, and none is installed. Use builtin, which needs no model, or bring your own features as a .npy file.`,
        { provider: name },
      );
    },
  };
}

import { join } from 'node:path';
import type { EngineDeps } from './engineDeps.ts';
import { createRuntime } from './runtime/createRuntime.ts';

/** The surroundings of a built engine: its bundles lie side by side in `folder`. */
export function nodeEngineDeps(folder: string): EngineDeps {
  return {
    runtime: createRuntime(join(folder, 'compute.js')),
    scripts: {
      dataset: join(folder, 'datasetWorker.js'),
      entities: join(folder, 'entityWorker.js'),
      clustering: join(folder, 'clusteringWorker.js'),
      selection: join(folder, 'selectionWorker.js'),
    },
    lexicon: join(folder, 'lexicon.json'),
    thesaurus: join(folder, 'thesaurus.json'),
  };
}

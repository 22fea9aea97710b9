import { join } from 'node:path';
import { type ClusterTask, trainClusters } from './clustering/training/trainClusters.ts';
import { createMatrices, type MatricesRequest } from './runtime/compute/createMatrices.ts';
import { onnxFacts, probe } from './runtime/compute/probeTask.ts';
import { serveCompute } from './runtime/compute/serveCompute.ts';

/** The compute process: what the engine runs in it, one task at a time. The kernels lie beside its bundle. */
const kernels = join(__dirname, 'kernels.wasm');

serveCompute({
  onnxFacts,
  probe,
  async cluster({ task, ...request }: { readonly task: ClusterTask } & MatricesRequest, progress) {
    await trainClusters(task, await createMatrices(request, kernels), progress);
    return null;
  },
});

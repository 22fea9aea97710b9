import { join } from 'node:path';
import { type ClusterTask, trainClusters } from './clustering/training/trainClusters.ts';
import { createMatrices, type MatricesRequest } from './runtime/compute/createMatrices.ts';
import { onnxFacts, probe } from './runtime/compute/probeTask.ts';
import { serveCompute } from './runtime/compute/serveCompute.ts';
import { createGraphs } from './runtime/onnx/onnxGraphs.ts';
import { type DiffusionTask, DiffusionTasks, diffuseTask, type EmbeddingTask, embedTask } from './synthesis/diffusion/diffusionTasks.ts';

/** The compute process: what the engine runs in it, one task at a time. The kernels lie beside its bundle. */
const kernels = join(__dirname, 'kernels.wasm');

const diffusion = new DiffusionTasks(createGraphs());

serveCompute({
  onnxFacts,
  probe,
  async cluster({ task, ...request }: { readonly task: ClusterTask } & MatricesRequest, progress) {
    await diffusion.release(); // a model and a clustering may not fit into memory together
    await trainClusters(task, await createMatrices(request, kernels), progress);
    return null;
  },
  [diffuseTask]: (task: DiffusionTask, progress) => diffusion.diffuse(task, progress),
  [embedTask]: (task: EmbeddingTask) => diffusion.embed(task),
});

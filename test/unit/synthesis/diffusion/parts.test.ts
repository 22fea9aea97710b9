import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../../src/engine/jobs/engineError.ts';
import type { Graph, Graphs } from '../../../../src/engine/runtime/contracts.ts';
import type { DiffusionModel } from '../../../../src/engine/synthesis/diffusion/model/diffusionModel.ts';
import { Parts } from '../../../../src/engine/synthesis/diffusion/pipeline/parts.ts';
import { timestepTensor } from '../../../../src/engine/synthesis/diffusion/pipeline/tensors.ts';

const model = { folder: '/model', parts: { unet: '/model/unet', vae_decoder: '/model/vae' } } as unknown as DiffusionModel;

/** Graphs that load where they are allowed to. */
function graphsThat(loads: (path: string, provider: string) => boolean): { readonly graphs: Graphs; readonly tried: string[] } {
  const tried: string[] = [];
  const graphs: Graphs = {
    async open(path, { provider }) {
      tried.push(`${path} ${provider}`);
      if (!loads(path, provider)) throw new Error(`no ${provider}`);
      const graph: Partial<Graph> = { inputs: [], outputs: [], release: () => Promise.resolve() };
      return graph as Graph;
    },
  };
  return { graphs, tried };
}

describe('the parts of a model', () => {
  const options = { providers: ['cuda', 'cpu'], threads: 1 };

  it('move down to the next device together, and say why', async () => {
    const { graphs, tried } = graphsThat((_, provider) => provider === 'cpu');
    const parts = new Parts(model, graphs, options);
    expect((await parts.get('unet')).provider).toBe('cpu');
    expect((await parts.get('vae_decoder')).provider).toBe('cpu');
    await parts.get('unet');
    expect(tried).toEqual(['/model/unet cuda', '/model/unet cpu', '/model/vae cpu']);
    expect(parts.refused).toEqual([{ provider: 'cuda', reason: 'no cuda' }]);
  });

  it('are an error of the model when no device loads them', async () => {
    const parts = new Parts(model, graphsThat(() => false).graphs, options);
    await expect(parts.get('unet')).rejects.toMatchObject({ code: 'model.invalid', message: '/model/unet cannot be loaded: no cpu' });
    await expect(parts.get('vae_encoder')).rejects.toMatchObject({ code: 'model.invalid', message: '/model has no vae_encoder.' });
    expect(await parts.find('controlnet')).toBeUndefined();
  });

  it('leave errors of the runtime as they are', async () => {
    const graphs: Graphs = { open: () => Promise.reject(new EngineError('device.unavailable', 'no runtime')) };
    await expect(new Parts(model, graphs, options).get('unet')).rejects.toMatchObject({ code: 'device.unavailable' });
  });
});

describe('timesteps', () => {
  it('have the rank that the graph declares', () => {
    const given = (shape: readonly (number | string)[] | undefined) =>
      timestepTensor(shape && { name: 'timestep', type: 'float32', shape }, 7, 2);
    expect(given([])).toEqual({ values: Float32Array.of(7), shape: [] });
    expect(given(['steps'])).toEqual({ values: Float32Array.of(7), shape: [1] });
    expect(given([1])).toEqual({ values: Float32Array.of(7), shape: [1] });
    expect(given([2])).toEqual({ values: Float32Array.of(7, 7), shape: [2] });
    expect(given(['batch'])).toEqual({ values: Float32Array.of(7, 7), shape: [2] });
    expect(given([''])).toEqual({ values: Float32Array.of(7, 7), shape: [2] });
  });
});

import type { NumberTensor } from '../../../runtime/contracts.ts';
import { modelInvalid } from '../model/modelInvalid.ts';
import { fixedSize, type Part } from './part.ts';
import { repeated, timestepTensor } from './tensors.ts';

/** The picture whose shapes are followed, in 0..1, [3, height, width], and how closely. */
export interface ControlPicture {
  readonly pixels: Float32Array;
  readonly scale: number;
}

/** Whether an input of a UNet is for a ControlNet's signals or for a ControlNet inside the graph. */
export function isControlInput(name: string): boolean {
  return isResidual(name) || name === 'controlnet_conds' || name === 'conditioning_scales';
}

function isResidual(name: string): boolean {
  return /^(down_block_\d+|mid_block)/.test(name);
}

/** Whether a UNet takes the signals of a ControlNet beside it. */
export function takesResiduals(unet: Part): boolean {
  return unet.inputs.some(({ name }) => isResidual(name));
}

interface ControlOptions {
  readonly unet: Part;
  /** Undefined where the UNet takes no signals. */
  readonly controlNet: Part | undefined;
  readonly control: ControlPicture | undefined;
}

/** What a UNet gets from a ControlNet. Graphs that insist on it get an empty picture of no weight where none is wanted. */
export class ControlSignal {
  readonly #unet: Part;
  readonly #controlNet: Part | undefined;
  readonly #picture: ControlPicture;
  readonly #size: { readonly width: number; readonly height: number };
  /** Inputs of the UNet in the order of the ControlNet's outputs. */
  readonly #residuals: readonly string[];

  /** @param size pixels of the picture @throws EngineError `model.invalid` */
  constructor({ unet, controlNet, control }: ControlOptions, size: { readonly width: number; readonly height: number }) {
    this.#unet = unet;
    this.#size = size;
    this.#picture = control ?? { pixels: new Float32Array(3 * size.width * size.height), scale: 0 };
    this.#residuals = residualsOf(unet);
    this.#controlNet = controlNet;
    if (this.#residuals.length > 0 && !controlNet)
      throw modelInvalid(unet.path, 'wants the signals of a ControlNet, and the model has none.');
    if (control && this.#residuals.length === 0 && !unet.input('controlnet_conds'))
      throw modelInvalid(unet.path, 'takes no signals of a ControlNet: export it with the inputs for them.');
    this.#controlNet?.expectInputs((name) =>
      ['sample', 'timestep', 'encoder_hidden_states', 'controlnet_cond', 'conditioning_scale'].includes(name),
    );
    const outputs = this.#controlNet?.outputNames.length ?? 0;
    if (this.#controlNet && outputs !== this.#residuals.length)
      throw modelInvalid(
        this.#controlNet.path,
        `gives ${outputs} signals where the UNet takes ${this.#residuals.length}: they are parts of different models.`,
      );
  }

  /** Inputs of the UNet for one run. @param common what UNet and ControlNet both see */
  async feeds(
    common: Readonly<Record<string, NumberTensor>>,
    timestep: number,
    count: number,
  ): Promise<Readonly<Record<string, NumberTensor>>> {
    if (this.#controlNet) return this.#fromControlNet(this.#controlNet, common, timestep, count);
    if (!this.#unet.input('controlnet_conds')) return {};
    const { pixels, scale } = this.#picture;
    const { width, height } = this.#size;
    return {
      controlnet_conds: { values: repeated(pixels, count), shape: [1, count, 3, height, width] },
      conditioning_scales: { values: Float32Array.of(scale), shape: [1, 1] },
    };
  }

  async #fromControlNet(controlNet: Part, common: Readonly<Record<string, NumberTensor>>, timestep: number, count: number) {
    const { pixels, scale } = this.#picture;
    const { width, height } = this.#size;
    const given: Readonly<Record<string, NumberTensor>> = {
      ...common,
      timestep: timestepTensor(controlNet.input('timestep'), timestep, count),
      controlnet_cond: { values: repeated(pixels, count), shape: [count, 3, height, width] },
      conditioning_scale: { values: Float32Array.of(scale), shape: controlNet.input('conditioning_scale')?.shape.length ? [1] : [] },
    };
    const results = await controlNet.run(Object.fromEntries(Object.entries(given).filter(([name]) => controlNet.input(name))));
    // Exporters name all but the first two outputs by numbers, and those two wrongly: only their order means something.
    return Object.fromEntries(
      controlNet.outputNames.map((output, i) => {
        const name = this.#residuals[i] as string;
        const signal = results[output] as NumberTensor;
        const channels = fixedSize(this.#unet.input(name), 1);
        if (channels !== undefined && channels !== signal.shape[1])
          throw modelInvalid(
            controlNet.path,
            `gives ${signal.shape[1]} channels for ${name}, which has ${channels}: they are parts of different models.`,
          );
        return [name, signal];
      }),
    );
  }
}

/** From the first block down to the middle. */
function residualsOf(unet: Part): string[] {
  const names = unet.inputs.map(({ name }) => name).filter(isResidual);
  const rank = (name: string): number => Number(/^down_block_(\d+)/.exec(name)?.[1] ?? Number.MAX_SAFE_INTEGER);
  return names.sort((a, b) => rank(a) - rank(b));
}

import type { MethodDeclaration, SkipReason, SynthesisParameters, SynthesisTarget, SynthesisUsage } from '../../../protocol/synthesis.ts';
import type { InstanceView, Turn, ViewSpec } from '../../dataset/dataset.ts';
import type { PictureEditor } from '../../runtime/contracts.ts';
import type { ImagesEndpoint } from '../endpoint/imagesEndpoint.ts';
import type { LanguageModel } from '../endpoint/languageModel.ts';
import type { ImageSynthesizer, RgbImage } from '../images/imageSynthesizer.ts';
import type { NounExchange } from '../synonyms/exchangeable.ts';

/** One synthetic instance that is to be made. */
export interface SynthesisItem {
  readonly id: string;
  readonly ordinal: number;
  readonly copy: number;
  /** 0 to 2^32 - 1; follows from the call's seed and the parent's content. */
  readonly seed: number;
  readonly targets: readonly SynthesisTarget[];
  /** Of `synonym`: which noun becomes which. */
  readonly exchange?: { readonly noun: string; readonly synonym: string };
}

/** The instance that a synthetic one is made from. */
export interface Parent {
  readonly record: Buffer;
  readonly spec: ViewSpec;
  readonly view: InstanceView;
  /** Bytes of its only image; undefined where the method needs none or it cannot be read. */
  readonly image: Uint8Array | undefined;
}

/** What methods work with. Which of them are there follows from the method's declared needs. */
export interface MethodTools {
  readonly parameters: Required<SynthesisParameters>;
  readonly pictures: PictureEditor;
  /** Writes text; sees pictures when it is a vision model. */
  readonly chat: LanguageModel | undefined;
  readonly images: ImagesEndpoint | undefined;
  readonly synthesizer: ImageSynthesizer | undefined;
  readonly nouns: NounExchange | undefined;
  readonly preview: (item: SynthesisItem, image: RgbImage, step: number, steps: number) => void;
  readonly signal: AbortSignal;
}

/** What a method made; what is absent is the parent's. */
export interface MadeParts {
  readonly image?: Uint8Array;
  readonly turns?: readonly Turn[];
  readonly prompt: string | null;
  /** What decided this one, the method's parameters included. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly usage: SynthesisUsage;
}

/** An item that cannot be made, whoever tries again; everything else may work at the next call. */
export class ItemFailed extends Error {
  override readonly name = 'ItemFailed';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** One way of making an instance: a new one is a file with one of these and a line in `table.ts`. */
export interface SynthesisMethod {
  readonly declaration: MethodDeclaration;
  /** Synthetic instances that this parent can give, or why it can give none. Pure; runs for every scarce instance. */
  capacity(view: InstanceView, record: Buffer, spec: ViewSpec, parameters: Required<SynthesisParameters>): number | SkipReason;
  /** Requests per item, without retries. */
  requests(parameters: Required<SynthesisParameters>): number;
  /** @throws ItemFailed, UnusableAnswer: this item; EngineError: no item can be made */
  make(item: SynthesisItem, parent: Parent, tools: MethodTools): Promise<MadeParts>;
}

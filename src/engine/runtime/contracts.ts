import type { Device } from '../../protocol/requests.ts';

/**
 * What the domains know of native modules: these interfaces, passed in by `createEngine`.
 * Implementations load their module on first use; a missing module throws `RuntimeUnavailable`.
 */
export interface Runtime {
  readonly images: ImageDecoder;
  readonly pictures: PictureEditor;
  readonly parquet: ParquetStore;
  readonly compute: ComputeProcess;
}

export interface ImageInfo {
  /** What the bytes say: jpeg, png, webp, gif, tiff, avif, bmp, ... (lower case). */
  readonly format: string;
  readonly width: number;
  readonly height: number;
  /** EXIF orientation, 1 to 8; 1 when absent. */
  readonly orientation: number;
  /** Frames or pages; 1 for still images. */
  readonly pages: number;
}

export type ImageFailure = 'empty' | 'unsupported' | 'undecodable' | 'tooLarge';

export type ImageCheck =
  | {
      readonly ok: true;
      readonly info: ImageInfo;
      /** 64-bit perceptual hash, hex. */
      readonly phash: string;
    }
  | { readonly ok: false; readonly failure: ImageFailure; readonly detail: string };

export type ImagePixels =
  | { readonly ok: true; readonly rgb: Uint8Array }
  | { readonly ok: false; readonly failure: ImageFailure; readonly detail: string };

/** Pixels row by row, three bytes each. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

export interface Thumbnail {
  readonly jpeg: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface ImageDecoder {
  /** Decodes the whole image (limits on pixels and bytes apply, SVG and other non-raster formats are refused by magic bytes). Never throws for bad data. */
  check(bytes: Uint8Array): Promise<ImageCheck>;
  /**
   * The image squeezed to `side` x `side` pixels, RGB bytes row by row, without EXIF rotation as in training. The same bytes on every
   * machine. Never throws for bad data.
   */
  pixels(bytes: Uint8Array, side: number): Promise<ImagePixels>;
  /**
   * RGB bytes of a picture that covers `width` x `height` pixels: scaled by its tighter side, the middle cut out; transparency is dropped,
   * and EXIF rotation ignored as in training. Never throws for bad data.
   */
  cover(picture: Uint8Array | RgbPicture, width: number, height: number): Promise<ImagePixels>;
  /** Thumbnail at most `side` pixels wide and high, EXIF applied; undefined when it cannot be decoded. */
  thumbnail(bytes: Uint8Array, side: number): Promise<Thumbnail | undefined>;
  /** Loads the native module; undefined when it cannot. */
  version(): Promise<string | undefined>;
}

/** A change of a picture that cuts nothing off; what becomes free is filled with the colour of its border. */
export interface PictureChange {
  /** Degrees, clockwise. */
  readonly angle: number;
  /** Size of the (turned) content on its canvas, above 0 to 1. The canvas gets the longer side of the old picture. */
  readonly scale: number;
  /** Centre of the content beside the canvas's, in shares of its sides. */
  readonly x: number;
  readonly y: number;
  /** Left and right exchanged, before the turn. */
  readonly flip: boolean;
  /** Factors; 1 changes nothing. */
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
}

export interface PictureFile {
  readonly bytes: Uint8Array;
  readonly format: 'jpeg' | 'png' | 'webp';
  readonly width: number;
  readonly height: number;
}

/** What a decoder finds out about a picture before it decodes it, or why it does not. */
export type PictureHead =
  | { readonly ok: true; readonly format: string; readonly width: number; readonly height: number; readonly pages: number }
  | { readonly ok: false; readonly failure: ImageFailure; readonly detail: string };

/** Makes pictures. Never throws for bad data of others; EXIF rotation is ignored, as in training. */
export interface PictureEditor {
  /** Reads the header only, so that a picture of 30,000 x 30,000 pixels costs nothing. */
  head(bytes: Uint8Array): Promise<PictureHead>;
  /** The picture squeezed to `side` x `side` pixels, brightness in bytes, row by row; transparency on white. Undefined when it cannot be decoded. */
  grey(bytes: Uint8Array, side: number): Promise<Uint8Array | undefined>;
  /** The picture squeezed to `side` x `side` pixels, RGB bytes; transparency on white. Undefined when it cannot be decoded. */
  square(bytes: Uint8Array, side: number): Promise<Uint8Array | undefined>;
  /** The changed picture in the format of the old one where that can be written, else as PNG. Undefined when it cannot be decoded. */
  change(bytes: Uint8Array, change: PictureChange): Promise<PictureFile | undefined>;
  /** RGB pixels, row by row, as a PNG. */
  encode(rgb: Uint8Array, width: number, height: number): Promise<PictureFile>;
  /** The picture's own size or, where its longer side is larger, fitted into `side`; RGB. Undefined when it cannot be decoded. */
  rgb(bytes: Uint8Array, side: number): Promise<{ readonly rgb: Uint8Array; readonly width: number; readonly height: number } | undefined>;
}

export interface ParquetStore {
  /** Writes each row as one JSON line, blobs left out, to `jsonlPath` (plain write; the caller makes it atomic). */
  toJsonl(
    parquetPath: string,
    jsonlPath: string,
    signal: AbortSignal,
  ): Promise<{ readonly rows: number; readonly reader: 'duckdb' | 'hyparquet' }>;
  /** Writes the rows with these ascending 0-based positions, schema kept, to `outputPath`. Needs DuckDB. */
  writeSubset(parquetPath: string, rows: Uint32Array, outputPath: string, signal: AbortSignal): Promise<void>;
  /** Bytes of embedded images of one row, in the order of the row's image column; empty when there are none. */
  embeddedImages(parquetPath: string, row: number): Promise<readonly Uint8Array[]>;
  /** Loads the native module; undefined when it cannot. */
  version(): Promise<string | undefined>;
}

/** What an execution provider did when it was tried. */
export interface ProviderProbe {
  readonly provider: string;
  readonly available: boolean;
  /** English: its speed, or why it cannot be used. */
  readonly detail: string;
}

/** The process that inference and large matrix kernels run in; it can be killed at any moment without harm. */
export interface ComputeProcess {
  /**
   * Runs a task there, after those before it; numbers in bulk travel as files. Starts the process when none runs. An abort kills it.
   * @throws EngineError what the task threw; `run.cancelled`; `compute.crashed` when the process ended by itself
   */
  run<Result>(task: string, payload: unknown, options: ComputeOptions): Promise<Result>;
  /** Tries execution providers, each in a child of its own, since some end their process when they fail. */
  probe(providers: readonly string[]): Promise<readonly ProviderProbe[]>;
  /**
   * What to run a model's graphs on, best first; each one has passed a probe. `auto` gives the platform's own order and ends with the processor.
   * @throws EngineError `device.unavailable` when a device was named and cannot be used
   */
  providersFor(device: Device): Promise<InferenceProviders>;
  /** Loads the native module in a child; undefined when it cannot. */
  version(): Promise<string | undefined>;
}

export interface InferenceProviders {
  readonly usable: readonly string[];
  /** Those that would have been better, and why they cannot be used. */
  readonly refused: readonly ProviderProbe[];
}

export interface ComputeOptions {
  readonly signal: AbortSignal;
  /** Gets what the task reports, at any rate. */
  progress?(report: unknown): void;
  log?(message: string): void;
}

/** An input or output as a graph declares it. */
export interface ValueInfo {
  readonly name: string;
  /** Element type: float32, float16, int64, ... */
  readonly type: string;
  /** Sizes; a text, maybe empty, where each run decides. */
  readonly shape: readonly (number | string)[];
}

/** Numbers in a shape, first dimension slowest; a graph's own number type is none of the caller's business. */
export interface NumberTensor {
  readonly values: Float32Array | Int32Array;
  readonly shape: readonly number[];
}

/** A loaded model file. One run at a time, in the whole process. */
export interface Graph {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** All outputs, in single precision. Inputs are converted to the declared types. @throws Error saying why on one line */
  run(feeds: Readonly<Record<string, NumberTensor>>): Promise<Readonly<Record<string, NumberTensor & { readonly values: Float32Array }>>>;
  /** Gives its memory back. */
  release(): Promise<void>;
}

/** Inference in the compute process. */
export interface Graphs {
  /**
   * Loads a model file on one execution provider, without falling back.
   * @throws Error saying why on one line; EngineError `device.unavailable` where there is no ONNX runtime
   */
  open(path: string, options: { readonly provider: string; readonly threads: number }): Promise<Graph>;
}

/** Arithmetic on ranges of an arena; see `kernels.as.ts`. Addresses and counts are whole numbers. */
export interface Kernels {
  halvesToFloats(source: number, target: number, count: number): void;
  quantizeRows(source: number, target: number, count: number, inverse: number): void;
  spreadRows(source: number, target: number, count: number, dimensions: number, width: number): void;
  addRows(rows: number, labels: number, count: number, dimensions: number, sums: number): void;
  moveRows(rows: number, labels: number, previous: number, count: number, dimensions: number, sums: number): number;
  scale(values: number, count: number, factor: number): void;
  meanOfSums(sums: number, target: number, count: number, divisor: number): void;
  squares(values: number, count: number): number;
  meanRow(rows: number, count: number, dimensions: number, mean: number): void;
  largestDeviation(rows: number, count: number, dimensions: number, mean: number): number;
  quantizeCenters(rows: number, count: number, dimensions: number, mean: number, inverse: number, target: number, byColumn: number): void;
  similarities(rows: number, labels: number, count: number, dimensions: number, centroids: number, target: number): void;
  assignRows(rows: number, count: number, dimensions: number, centroids: number, clusters: number, labels: number, best: number): void;
  assignBytes(rows: number, count: number, dimensions: number, centers: number, clusters: number, labels: number): void;
}

/** One block of memory that the kernels and the ONNX runtime both work on, without copies. */
export interface Arena {
  readonly kernels: Kernels;
  /** Address of `bytes` bytes, aligned to 64; kernels may touch 64 more behind them. */
  allocate(bytes: number): number;
  uint8(at: number, length: number): Uint8Array<ArrayBuffer>;
  int8(at: number, length: number): Int8Array<ArrayBuffer>;
  int32(at: number, length: number): Int32Array<ArrayBuffer>;
  float32(at: number, length: number): Float32Array<ArrayBuffer>;
}

/** Some rows of an arena whose nearest centroids are wanted; all addresses. `labels` receives int32, lowest id on ties. */
export interface AssignedRows {
  readonly rows: number;
  readonly count: number;
  readonly labels: number;
}

/** Matrix products of the compute process. */
export interface Matrices {
  /** What the products run on: an execution provider of the ONNX runtime, or `wasm` where it cannot be loaded. */
  readonly device: string;
  /** Seconds spent in products so far. */
  readonly seconds: number;
  /** An arena with room for blocks of these sizes. @throws EngineError `compute.noMemory` */
  arena(blocks: readonly number[]): Promise<Arena>;
  /** Nearest centroid of float32 rows by inner product. `similarity` receives that product when it is given. */
  assignFloats(
    arena: Arena,
    centroids: { readonly at: number; readonly clusters: number; readonly dimensions: number },
    rows: AssignedRows & { readonly similarity?: number },
  ): Promise<void>;
  /** How `prepareBytes` wants its centers: [dimensions, clusters] or [clusters, dimensions]. */
  readonly centersByColumn: boolean;
  /** Makes ready for rows of bytes around 128 against centers of signed bytes in -63 .. 63, exact in whole numbers. */
  prepareBytes(
    arena: Arena,
    centers: { readonly at: number; readonly clusters: number; readonly dimensions: number },
  ): Promise<BytesAssigner>;
}

export interface BytesAssigner extends AsyncDisposable {
  assign(rows: AssignedRows): Promise<void>;
}

/**
 * What the domains know of native modules: these interfaces, passed in by `createEngine`.
 * Implementations load their module on first use; a missing module throws `RuntimeUnavailable`.
 */
export interface Runtime {
  readonly images: ImageDecoder;
  readonly parquet: ParquetStore;
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

export interface Thumbnail {
  readonly jpeg: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface ImageDecoder {
  /** Decodes the whole image (limits on pixels and bytes apply, SVG and other non-raster formats are refused by magic bytes). Never throws for bad data. */
  check(bytes: Uint8Array): Promise<ImageCheck>;
  /** Thumbnail at most `side` pixels wide and high, EXIF applied; undefined when it cannot be decoded. */
  thumbnail(bytes: Uint8Array, side: number): Promise<Thumbnail | undefined>;
  /** Loads the native module; undefined when it cannot. */
  version(): Promise<string | undefined>;
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

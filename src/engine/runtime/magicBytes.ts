/** What the first bytes of a file say that it is. Names of files play no part. */
export type FileKind =
  /** A raster format that the decoder reads; `format` in lower case as in `ImageInfo`. */
  | { readonly decodable: true; readonly format: ImageFormat }
  /** Anything else; `what` completes the sentence "this is ...". */
  | { readonly decodable: false; readonly what: string };

export type ImageFormat = 'jpeg' | 'png' | 'gif' | 'webp' | 'tiff' | 'avif';

/** Enough for the brands of an `ftyp` box and the beginning of a markup file. */
const headLength = 1024;

export function sniffFile(bytes: Uint8Array): FileKind {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, headLength));
  const format = rasterFormat(head);
  return format === undefined ? { decodable: false, what: otherKind(head) } : { decodable: true, format };
}

function startsWith(head: Buffer, signature: string, offset = 0): boolean {
  return head.toString('latin1', offset, offset + signature.length) === signature;
}

function rasterFormat(head: Buffer): ImageFormat | undefined {
  if (startsWith(head, '\xff\xd8\xff')) return 'jpeg';
  if (startsWith(head, '\x89PNG\r\n\x1a\n')) return 'png';
  if (startsWith(head, 'GIF87a') || startsWith(head, 'GIF89a')) return 'gif';
  if (startsWith(head, 'RIFF') && startsWith(head, 'WEBP', 8)) return 'webp';
  if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].some((signature) => startsWith(head, signature))) return 'tiff';
  if (isoBrands(head).some((brand) => brand === 'avif' || brand === 'avis')) return 'avif';
  return undefined;
}

/** Brands of an ISO base media file (major and compatible); none for other files. */
function isoBrands(head: Buffer): string[] {
  if (!startsWith(head, 'ftyp', 4) || head.length < 16) return [];
  const end = Math.min(head.readUInt32BE(0), head.length);
  const brands = [head.toString('latin1', 8, 12)];
  for (let offset = 16; offset + 4 <= end; offset += 4) brands.push(head.toString('latin1', offset, offset + 4));
  return brands;
}

const binarySignatures: readonly (readonly [signature: string, what: string])[] = [
  ['BM', 'a BMP picture, which is not supported'],
  ['\xff\x0a', 'a JPEG XL picture, which is not supported'],
  ['\0\0\0\x0cJXL ', 'a JPEG XL picture, which is not supported'],
  ['\0\0\0\x0cjP  ', 'a JPEG 2000 picture, which is not supported'],
  ['\xff\x4f\xff\x51', 'a JPEG 2000 picture, which is not supported'],
  ['8BPS', 'a Photoshop file, which is not supported'],
  ['\0\0\x01\0', 'an icon file, which is not supported'],
  ['\x1a\x45\xdf\xa3', 'a Matroska or WebM video, not a picture'],
  ['%PDF', 'a PDF document, not a picture'],
  ['PK\x03\x04', 'a ZIP archive, not a picture'],
  ['\x1f\x8b', 'a gzip archive, not a picture'],
  ['PAR1', 'a Parquet file, not a picture'],
  ['\x89HDF', 'an HDF5 file, not a picture'],
  ['\x93NUMPY', 'a NumPy array, not a picture'],
];

function otherKind(head: Buffer): string {
  if (head.every((byte) => byte === 0)) return 'a run of zero bytes, not a picture';
  const brands = isoBrands(head);
  if (brands.some((brand) => /^(?:hei|hev|mif1|msf1)/.test(brand))) return 'a HEIC picture, which is not supported';
  if (brands.length > 0) return 'an MP4 or QuickTime video, not a picture';
  const known = binarySignatures.find(([signature]) => startsWith(head, signature));
  return known?.[1] ?? textKind(head.toString('latin1'));
}

function textKind(head: string): string {
  const text = head.replace(/^(?:\xef\xbb\xbf)?\s*/, '').toLowerCase();
  if (text.startsWith('version https://git-lfs')) return 'a Git LFS pointer; run `git lfs pull` to get the picture';
  if (/^(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*(?:<!doctype svg[\s\S]*?>\s*)?<svg/.test(text))
    return 'an SVG drawing, which training code cannot open';
  if (/^<(?:!doctype html|html|head|body)/.test(text)) return 'an HTML page, not a picture (often the answer of a failed download)';
  if (text.startsWith('<?xml')) return 'an XML document, not a picture';
  return 'in no known picture format';
}

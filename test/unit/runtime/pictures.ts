import sharp from 'sharp';

/** Pictures for the tests: seeded blocks and gradients, so that two seeds look different to the eye and to a perceptual hash. */
export function picture(width: number, height: number, seed: number) {
  const random = (n: number) => {
    const x = Math.sin(seed * 127.1 + n * 311.7) * 43758.5453;
    return x - Math.floor(x);
  };
  const blocks = Array.from({ length: 14 }, (_, i) => {
    const [x, y, w, h, hue, light] = [0, 1, 2, 3, 4, 5].map((k) => random(i * 6 + k)) as [number, number, number, number, number, number];
    const fill = `hsl(${Math.floor(hue * 360)} 70% ${Math.floor(20 + light * 60)}%)`;
    return `<rect x="${x * 90}%" y="${y * 90}%" width="${8 + w * 35}%" height="${8 + h * 35}%" fill="${fill}"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#ccc"/>${blocks.join('')}</svg>`;
  return sharp(Buffer.from(svg)).removeAlpha();
}

/** A PNG whose header declares any size; its pixels are missing. */
export function pngHeader(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const idat = Buffer.from('789c63600000000200', 'hex');
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', idat),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

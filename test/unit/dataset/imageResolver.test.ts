import { execFileSync } from 'node:child_process';
import { link, mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createImageResolver, type ImageResolver, openImage, type ResolvedImage } from '../../../src/engine/dataset/imageResolver.ts';

let folder: string;
let root: string;
let second: string;
let resolver: ImageResolver;
let server: Server;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'ballast-roots-')));
  root = join(folder, 'images');
  second = join(folder, 'more images');
  await mkdir(join(root, 'sub/deep'), { recursive: true });
  await mkdir(join(root, 'a folder'), { recursive: true });
  await mkdir(second, { recursive: true });
  await mkdir(join(folder, 'images-evil'), { recursive: true });
  await mkdir(join(folder, 'outside/sub'), { recursive: true });
  const files = [
    'images/a.jpg',
    'images/sub/b.jpg',
    'images/sub/deep/c.jpg',
    'images/a folder/with space.jpg',
    'images/a..b.jpg',
    'images/..hidden.jpg',
    'images/100%.jpg',
    'images/50%25.jpg',
    'images/%41.jpg',
    'images/Case.JPG',
    'images/no extension',
    'images/é.jpg',
    'images/e\u0301.jpg',
    'images/猫👩‍👩‍👧.png',
    'images/it\'s "quoted".jpg',
    'images/[1]*?.jpg',
    'images/#hash&amp;.jpg',
    'images/-rf.jpg',
    'images/~.jpg',
    'images/console.jpg',
    'images/com10.jpg',
    'images/nullify.jpg',
    'more images/only here.jpg',
    'more images/a.jpg',
    'images-evil/secret.jpg',
    'outside/secret.jpg',
    'outside/sub/secret.jpg',
    'secret.jpg',
  ];
  for (const file of files) await writeFile(join(folder, file), file);
  await symlink('a.jpg', join(root, 'link.jpg'));
  await symlink('../a.jpg', join(root, 'sub/up.jpg'));
  await symlink(join(root, 'sub'), join(root, 'absolute link'));
  await symlink('link.jpg', join(root, 'link to link.jpg'));
  await symlink(join(second, 'only here.jpg'), join(root, 'other root.jpg'));
  await symlink('../outside/secret.jpg', join(root, 'leak.jpg'));
  await symlink('/etc/passwd', join(root, 'passwd.jpg'));
  await symlink('../outside', join(root, 'leak folder'));
  await symlink('leak folder', join(root, 'link to leak'));
  await symlink('..', join(root, 'parent'));
  await symlink('/', join(root, 'everything'));
  await symlink('../images-evil', join(root, 'neighbour'));
  await symlink('/proc/self/environ', join(root, 'environ.jpg'));
  await symlink('/dev/zero', join(root, 'endless.jpg'));
  await symlink('loop b', join(root, 'loop a'));
  await symlink('loop a', join(root, 'loop b'));
  await symlink('self', join(root, 'self'));
  await symlink('nowhere.jpg', join(root, 'dangling.jpg'));
  await symlink('../outside/nowhere.jpg', join(root, 'dangling outside.jpg'));
  await symlink('\\\\server\\share\\x.jpg', join(root, 'backslash link.jpg'));
  execFileSync('mkfifo', [join(root, 'pipe.jpg'), join(folder, 'outside/pipe.jpg')]);
  await symlink('../outside/pipe.jpg', join(root, 'pipe link.jpg'));
  await symlink('pipe.jpg', join(root, 'inner pipe link.jpg'));
  server = createServer();
  await new Promise<void>((resolve) => server.listen(join(root, 'socket.jpg'), resolve));
  await symlink(root, join(folder, 'alias'));
  resolver = createImageResolver({ roots: [root, second] });
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

async function contentOf(imagePath: string, from = resolver): Promise<string> {
  const resolution = await from.resolve(imagePath);
  if (resolution.kind !== 'ok') throw new Error(JSON.stringify(resolution));
  const opened = await openImage(resolution);
  if (opened.kind !== 'ok') throw new Error(JSON.stringify(opened));
  return Buffer.from(opened.bytes).toString();
}

describe('good paths', () => {
  test.each([
    ['a.jpg', 'images/a.jpg'],
    ['./a.jpg', 'images/a.jpg'],
    ['sub/b.jpg', 'images/sub/b.jpg'],
    ['sub//deep/./c.jpg', 'images/sub/deep/c.jpg'],
    ['a folder/with space.jpg', 'images/a folder/with space.jpg'],
    ['a..b.jpg', 'images/a..b.jpg'],
    ['..hidden.jpg', 'images/..hidden.jpg'],
    ['100%.jpg', 'images/100%.jpg'],
    ['50%25.jpg', 'images/50%25.jpg'],
    ['%41.jpg', 'images/%41.jpg'],
    ['Case.JPG', 'images/Case.JPG'],
    ['no extension', 'images/no extension'],
    ['\u00e9.jpg', 'images/é.jpg'],
    ['e\u0301.jpg', 'images/e\u0301.jpg'],
    ['猫👩‍👩‍👧.png', 'images/猫👩‍👩‍👧.png'],
    ['it\'s "quoted".jpg', 'images/it\'s "quoted".jpg'],
    ['[1]*?.jpg', 'images/[1]*?.jpg'],
    ['#hash&amp;.jpg', 'images/#hash&amp;.jpg'],
    ['-rf.jpg', 'images/-rf.jpg'],
    ['~.jpg', 'images/~.jpg'],
    ['console.jpg', 'images/console.jpg'],
    ['com10.jpg', 'images/com10.jpg'],
    ['nullify.jpg', 'images/nullify.jpg'],
    ['only here.jpg', 'more images/only here.jpg'],
    ['link.jpg', 'images/a.jpg'],
    ['link to link.jpg', 'images/a.jpg'],
    ['sub/up.jpg', 'images/a.jpg'],
    ['absolute link/b.jpg', 'images/sub/b.jpg'],
    ['other root.jpg', 'more images/only here.jpg'],
  ])('%s', async (imagePath, content) => {
    expect(await contentOf(imagePath)).toBe(content);
  });

  test('no absolute path, not even inside of a root', async () => {
    for (const path of [join(root, 'sub/b.jpg'), join(second, 'a.jpg')])
      expect(await createImageResolver({ roots: [root, second] }).resolve(path)).toMatchObject({ kind: 'refused' });
  });

  test('the first root wins', async () => {
    expect(await contentOf('a.jpg', createImageResolver({ roots: [second, root] }))).toBe('more images/a.jpg');
  });

  test('a root that is a link', async () => {
    const aliased = createImageResolver({ roots: [join(folder, 'alias')] });
    expect(await contentOf('sub/b.jpg', aliased)).toBe('images/sub/b.jpg');
    expect(await aliased.resolve('a.jpg')).toMatchObject({ path: join(root, 'a.jpg') });
  });

  test('the file system / as a root', async () => {
    expect(await contentOf(join(root, 'a.jpg').slice(1), createImageResolver({ roots: ['/'] }))).toBe('images/a.jpg');
  });
});

describe('missing', () => {
  test.each([
    'nowhere.jpg',
    'sub/nowhere.jpg',
    'no folder/a.jpg',
    'a.jpg/b.jpg',
    'dangling.jpg',
    'case.jpg',
    '~/a.jpg',
    '$HOME/a.jpg',
    '*.jpg',
  ])('%s', async (imagePath) => {
    expect(await resolver.resolve(imagePath)).toEqual({ kind: 'missing', tried: [join(root, imagePath), join(second, imagePath)] });
  });

  test('a root that does not exist', async () => {
    const gone = createImageResolver({ roots: [join(folder, 'gone')] });
    expect(await gone.resolve('a.jpg')).toEqual({ kind: 'missing', tried: [join(folder, 'gone/a.jpg')] });
  });

  test('no root at all', async () => {
    expect(await createImageResolver({ roots: [] }).resolve('a.jpg')).toEqual({ kind: 'missing', tried: [] });
  });
});

const hostile: readonly (readonly [imagePath: unknown, reason: RegExp])[] = [
  // upwards
  ['../secret.jpg', /\.\./],
  ['../../etc/passwd', /\.\./],
  ['sub/../../secret.jpg', /\.\./],
  ['sub/../a.jpg', /\.\./],
  ['./../secret.jpg', /\.\./],
  ['a.jpg/../../secret.jpg', /\.\./],
  ['..', /folder|\.\./],
  ['sub/..', /\.\./],
  ['../images-evil/secret.jpg', /\.\./],
  ['../images/a.jpg', /\.\./],
  // absolute
  ['/etc/passwd', /absolute/],
  ['/secret.jpg', /absolute/],
  ['/proc/self/environ', /absolute/],
  ['/dev/zero', /absolute/],
  ['/dev/stdin', /absolute/],
  ['/a.jpg', /absolute/],
  ['///etc/passwd', /UNC/],
  // other systems
  ['C:\\Windows\\win.ini', /drive/],
  ['C:/Windows/win.ini', /drive/],
  ['c:a.jpg', /drive/],
  ['\\\\server\\share\\a.jpg', /UNC/],
  ['//server/share/a.jpg', /UNC/],
  ['\\\\?\\C:\\a.jpg', /UNC/],
  ['\\\\.\\pipe\\x', /UNC/],
  ['..\\secret.jpg', /backslash/],
  ['sub\\b.jpg', /backslash/],
  ['sub\\..\\..\\secret.jpg', /backslash/],
  ['\\etc\\passwd', /backslash/],
  ['CON', /device/],
  ['con.jpg', /device/],
  ['NUL', /device/],
  ['nul.tar.gz', /device/],
  ['sub/AUX.png', /device/],
  ['COM1', /device/],
  ['com1.jpg', /device/],
  ['LPT9.txt', /device/],
  ['COM¹', /device/],
  ['CONIN$', /device/],
  ['prn /a.jpg', /space|device/],
  ['a.jpg:stream', /colon/],
  ['a.jpg::$DATA', /colon/],
  ['a.jpg.', /dot or a space/],
  ['a.jpg ', /dot or a space/],
  ['sub./b.jpg', /dot or a space/],
  ['.../secret.jpg', /dot or a space/],
  // encodings
  ['..%2fsecret.jpg', /percent/],
  ['..%2Fsecret.jpg', /percent/],
  ['..%5csecret.jpg', /percent/],
  ['%2e%2e/secret.jpg', /percent/],
  ['%2e%2e%2fsecret.jpg', /percent/],
  ['.%2e/secret.jpg', /percent/],
  ['%2fetc%2fpasswd', /percent/],
  ['..%252fsecret.jpg', /percent/],
  ['%252e%252e%252fsecret.jpg', /percent/],
  ['..%25252525252fsecret.jpg', /percent/],
  ['..%c0%afsecret.jpg', /percent/],
  ['a.jpg%00.png', /percent/],
  ['sub%2fb.jpg', /percent/],
  // characters
  ['a.jpg\0', /control/],
  ['a.jpg\0.png', /control/],
  ['a\n.jpg', /control/],
  ['a\r.jpg', /control/],
  ['\ta.jpg', /control/],
  ['a\x1b[31m.jpg', /control/],
  ['a\x7f.jpg', /control/],
  ['a\ud800.jpg', /surrogate/],
  // URLs
  ['http://example.com/a.jpg', /URL/],
  ['HTTPS://example.com/a.jpg', /URL/],
  ['file:///etc/passwd', /URL/],
  ['file:/etc/passwd', /URL/],
  ['data:image/png;base64,iVBORw0KGgo=', /URL/],
  [`data:image/png;base64,${'A'.repeat(100_000)}`, /URL/],
  ['ftp://example.com/a.jpg', /URL/],
  ['s3://bucket/a.jpg', /URL/],
  ['javascript:alert(1)', /URL/],
  ['vscode-resource://a/b.jpg', /URL/],
  // links and kinds of files
  ['leak.jpg', /link .* leads out/],
  ['passwd.jpg', /link .* leads out/],
  ['environ.jpg', /link .* leads out/],
  ['endless.jpg', /link .* leads out/],
  ['leak folder/secret.jpg', /link .* leads out/],
  ['leak folder/sub/secret.jpg', /link .* leads out/],
  ['leak folder/nowhere.jpg', /link .* leads out/],
  ['link to leak/secret.jpg', /link .* leads out/],
  ['parent/secret.jpg', /link .* leads out/],
  ['everything/etc/passwd', /link .* leads out/],
  ['neighbour/secret.jpg', /link .* leads out/],
  ['dangling outside.jpg', /link .* leads out/],
  ['pipe link.jpg', /link .* leads out/],
  ['loop a', /circle/],
  ['self', /circle/],
  ['self/a.jpg', /circle/],
  ['pipe.jpg', /regular/],
  ['inner pipe link.jpg', /regular/],
  ['socket.jpg', /regular/],
  ['sub', /folder/],
  ['sub/', /folder/],
  ['a.jpg/', /folder/],
  ['.', /folder/],
  ['absolute link', /folder/],
  // sizes and kinds of values
  ['', /empty/],
  ['   ', /empty/],
  ['a'.repeat(256), /longer/],
  [`${'a/'.repeat(3000)}b.jpg`, /longer/],
  [`${'\u00e9'.repeat(200)}.jpg`, /longer/],
  [null, /no text/],
  [undefined, /no text/],
  [42, /no text/],
  [{ path: 'a.jpg' }, /no text/],
  [['a.jpg'], /no text/],
  [true, /no text/],
];

describe('hostile paths', () => {
  test('there are enough of them', () => {
    expect(hostile.length).toBeGreaterThanOrEqual(60);
  });

  test.each(hostile.map(([imagePath, reason]) => [String(JSON.stringify(imagePath)).slice(0, 60), imagePath, reason] as const))(
    '%s',
    async (_, imagePath, reason) => {
      const resolution = await resolver.resolve(imagePath);
      expect(resolution.kind).toBe('refused');
      expect(resolution.kind === 'refused' && resolution.reason).toMatch(reason);
    },
  );

  test('a neighbour whose name begins like the root is outside', async () => {
    expect(await resolver.resolve(join(folder, 'images-evil/secret.jpg'))).toMatchObject({ kind: 'refused' });
    expect(await resolver.resolve(`${root}/../secret.jpg`)).toMatchObject({ kind: 'refused' });
    expect(await resolver.resolve(root)).toMatchObject({ kind: 'refused' });
  });

  test('a device inside of a root', async () => {
    expect(await createImageResolver({ roots: ['/dev'] }).resolve('zero')).toMatchObject({ kind: 'refused', reason: /regular/ });
  });

  test('links that lead out are not followed, not even to look', async () => {
    // The answer is the same whether the place outside exists or not: it was not looked at.
    expect(await resolver.resolve('leak folder/secret.jpg')).toEqual(await resolver.resolve('leak folder/nowhere.jpg'));
    expect(await resolver.resolve('leak.jpg')).toEqual(await resolver.resolve('dangling outside.jpg'));
  });

  test('whatever the text, an answer of ok lies inside of a root', async () => {
    const pieces = fc.constantFrom(
      '..',
      '.',
      '/',
      '\\',
      '%2f',
      '%2e',
      'sub',
      'a.jpg',
      'leak folder',
      'secret.jpg',
      'parent',
      'absolute link',
      '\0',
      'C:',
      ' ',
      '~',
      'everything',
      'etc',
      root,
      folder,
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(pieces, { maxLength: 8 }).map((list) => list.join('/')),
          fc.array(pieces, { maxLength: 8 }).map((list) => list.join('')),
        ),
        async (imagePath) => {
          const resolution = await resolver.resolve(imagePath);
          if (resolution.kind !== 'ok') return;
          const real = await realpath(resolution.path);
          expect(real).toBe(resolution.path);
          expect(real.startsWith(`${root}/`) || real.startsWith(`${second}/`)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('openImage', () => {
  const resolveOk = async (imagePath: string): Promise<ResolvedImage> => {
    const resolution = await resolver.resolve(imagePath);
    if (resolution.kind !== 'ok') throw new Error(JSON.stringify(resolution));
    return resolution;
  };

  test('refuses files over the limit without reading them', async () => {
    expect(await openImage(await resolveOk('a.jpg'), 5)).toEqual({ kind: 'tooLarge', size: 'images/a.jpg'.length });
  });

  test('refuses what was exchanged after the check', async () => {
    const file = join(root, 'exchanged.jpg');
    await writeFile(file, 'before');
    const image = await resolveOk('exchanged.jpg');

    await rename(file, join(root, 'kept.jpg'));
    expect(await openImage(image)).toMatchObject({ kind: 'unreadable', reason: /ENOENT/ });

    await symlink(join(folder, 'outside/secret.jpg'), file);
    expect(await openImage(image)).toEqual({ kind: 'refused', reason: 'it became a link' });

    await rm(file);
    execFileSync('mkfifo', [file]);
    expect(await openImage(image)).toMatchObject({ kind: 'refused', reason: /regular/ });

    await rm(file);
    await link(join(folder, 'outside/secret.jpg'), file);
    expect(await openImage(image)).toMatchObject({ kind: 'refused', reason: /exchanged/ });
    await rm(file);
  });

  test('reads an empty file', async () => {
    await writeFile(join(root, 'empty.jpg'), '');
    expect(await openImage(await resolveOk('empty.jpg'))).toMatchObject({ kind: 'ok', bytes: { length: 0 } });
  });
});

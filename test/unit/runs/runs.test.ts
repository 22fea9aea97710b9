import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobContext } from '../../../src/engine/jobs/jobContext.ts';
import { obtainArtifact } from '../../../src/engine/runs/artifacts.ts';
import { AtomicFile, removeStaleTemporaries, writeFileAtomic } from '../../../src/engine/runs/atomicFile.ts';
import { commitTogether, completeCommits } from '../../../src/engine/runs/commit.ts';
import { acquireLock } from '../../../src/engine/runs/lock.ts';
import { npyHeader, readNpy, writeNpy } from '../../../src/engine/runs/npy.ts';
import { StringTable } from '../../../src/engine/runs/stringTable.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-runs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function job(signal = new AbortController().signal): JobContext {
  return { signal, threads: 1, report: () => undefined, log: () => undefined };
}

/** A process id that belonged to a process and does no more. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

describe('AtomicFile', () => {
  it('shows nothing before commit and everything after it', async () => {
    const path = join(folder, 'deep/out.json');
    const file = await AtomicFile.create(path);
    await file.write(Buffer.alloc(9 * 1024 * 1024, 'a'));
    await file.write(Buffer.from('end'));
    expect(existsSync(path)).toBe(false);
    await file.commit();
    expect(readFileSync(path)).toHaveLength(9 * 1024 * 1024 + 3);
    expect(readdirSync(join(folder, 'deep'))).toEqual(['out.json']);
  });

  it('leaves nothing when it is given up', async () => {
    {
      await using file = await AtomicFile.create(join(folder, 'out.json'));
      await file.write(Buffer.from('half'));
      await file.prepare();
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it("removes a dead writer's temporary file, and only that", async () => {
    const mine = await AtomicFile.create(join(folder, 'out.json'));
    writeFileSync(join(folder, `.out.json.${deadPid()}-0123abcd.ballast-tmp`), 'left');
    writeFileSync(join(folder, `.other.json.${deadPid()}-0123abcd.ballast-tmp`), 'left');
    await removeStaleTemporaries(join(folder, 'out.json'));
    expect(readdirSync(folder)).toHaveLength(2);
    await mine[Symbol.asyncDispose]();
  });
});

describe('commit', () => {
  it('makes all files appear', async () => {
    const files = [await AtomicFile.create(join(folder, 'a')), await AtomicFile.create(join(folder, 'b'))];
    for (const [i, file] of files.entries()) await file.write(Buffer.from(String(i)));
    await commitTogether(folder, 'run', files);
    expect([readFileSync(join(folder, 'a'), 'utf8'), readFileSync(join(folder, 'b'), 'utf8')]).toEqual(['0', '1']);
    expect(readdirSync(join(folder, 'runs'))).toEqual([]);
  });

  it('is completed after a kill between two renames', async () => {
    writeFileSync(join(folder, 'a'), 'new');
    writeFileSync(join(folder, 'b'), 'old');
    writeFileSync(join(folder, '.b.tmp'), 'new');
    const renames = [
      { from: join(folder, '.a.tmp'), to: join(folder, 'a') },
      { from: join(folder, '.b.tmp'), to: join(folder, 'b') },
    ];
    await writeFileAtomic(join(folder, 'runs/x.commit.json'), JSON.stringify({ pid: deadPid(), renames }));
    await completeCommits(folder);
    expect(readFileSync(join(folder, 'b'), 'utf8')).toBe('new');
    expect(readdirSync(join(folder, 'runs'))).toEqual([]);
  });
});

describe('lock', () => {
  it('is exclusive while its owner lives', async () => {
    const path = join(folder, 'x.lock');
    const first = await acquireLock(path, job());
    const order: string[] = [];
    const second = acquireLock(path, job()).then(async (lock) => {
      order.push('second');
      await lock[Symbol.asyncDispose]();
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    order.push('first done');
    await first[Symbol.asyncDispose]();
    await second;
    expect(order).toEqual(['first done', 'second']);
    expect(existsSync(path)).toBe(false);
  });

  it('is taken over from a dead owner, from a process that only has its number, and from a silent host', async () => {
    const path = join(folder, 'x.lock');
    const host = hostname();
    const longAgo = new Date(Date.now() - 120_000);
    for (const [owner, touched] of [
      [{ pid: deadPid(), host }, undefined],
      [{ pid: process.ppid, host, started: '1' }, undefined],
      [{ pid: 1, host: 'another-container' }, longAgo],
    ] as const) {
      writeFileSync(path, JSON.stringify(owner));
      if (touched) utimesSync(path, touched, touched);
      await using _lock = await acquireLock(path, job());
      expect(JSON.parse(readFileSync(path, 'utf8')).pid).toBe(process.pid);
    }
  });

  it('of another host is respected while it is alive', async () => {
    const path = join(folder, 'x.lock');
    writeFileSync(path, JSON.stringify({ pid: 1, host: 'another-container' }));
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 700);
    await expect(acquireLock(path, job(abort.signal))).rejects.toMatchObject({ code: 'run.cancelled' });
    expect(existsSync(path)).toBe(true);
  });

  it('can be given up while waiting', async () => {
    const path = join(folder, 'x.lock');
    await using _held = await acquireLock(path, job());
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    await expect(acquireLock(path, job(abort.signal))).rejects.toMatchObject({ code: 'run.cancelled' });
  });
});

describe('artifacts', () => {
  const request = (build: (dir: string) => Promise<void>, parameters: unknown = 1) => ({
    stage: 'index' as const,
    inputHash: 'abc',
    parameters,
    job: job(),
    build,
  });

  it('are built once per input and parameters', async () => {
    let built = 0;
    const build = async (dir: string): Promise<void> => {
      built++;
      writeFileSync(join(dir, 'x'), 'y');
    };
    const first = await obtainArtifact(folder, request(build));
    const second = await obtainArtifact(folder, request(build));
    const other = await obtainArtifact(folder, request(build, 2));
    expect([first.reused, second.reused, other.reused, built]).toEqual([false, true, false, 2]);
    expect(readFileSync(join(second.folder, 'x'), 'utf8')).toBe('y');
  });

  it('keep finished shards of a failed build for the next one, and drop them when done', async () => {
    await expect(
      obtainArtifact(
        folder,
        request(async (dir) => {
          await writeFileAtomic(join(dir, 'shards/0'), 'done');
          throw new Error('killed');
        }),
      ),
    ).rejects.toThrow('killed');
    let seen = '';
    const artifact = await obtainArtifact(
      folder,
      request(async (dir) => {
        seen = readFileSync(join(dir, 'shards/0'), 'utf8');
      }),
    );
    expect(seen).toBe('done');
    expect(readdirSync(artifact.folder)).toEqual(['done.json']);
  });

  it('are built by one of two simultaneous callers', async () => {
    let built = 0;
    const build = async (): Promise<void> => {
      built++;
      await new Promise((resolve) => setTimeout(resolve, 300));
    };
    const both = await Promise.all([obtainArtifact(folder, request(build)), obtainArtifact(folder, request(build))]);
    expect(built).toBe(1);
    expect(both.map(({ reused }) => reused).sort()).toEqual([false, true]);
  });
});

describe('npy', () => {
  it('round-trips every kind', async () => {
    for (const [descriptor, array] of [
      ['|u1', Uint8Array.of(1, 255)],
      ['<u4', Uint32Array.of(0, 4294967295)],
      ['<i8', BigInt64Array.of(-1n, 2n ** 62n)],
      ['<f4', Float32Array.of(1.5)],
      ['<f8', Float64Array.of(Math.PI, -0)],
      ['<i4', new Int32Array()],
    ] as const) {
      await writeNpy(join(folder, 'a.npy'), array);
      expect(await readNpy(join(folder, 'a.npy'), descriptor)).toEqual(array);
    }
  });

  it('has the header that NumPy writes', () => {
    // numpy 2: np.save of np.zeros(3, '<u4')
    expect(npyHeader('<u4', [3]).toString('latin1')).toBe(
      `\x93NUMPY\x01\x00v\x00{'descr': '<u4', 'fortran_order': False, 'shape': (3,), }${' '.repeat(60)}\n`,
    );
  });

  it('names a file that is cut or no array', async () => {
    writeFileSync(join(folder, 'bad.npy'), 'hello world, hello');
    await expect(readNpy(join(folder, 'bad.npy'), '<u4')).rejects.toThrow(/bad\.npy is not a NumPy array/);
    await writeNpy(join(folder, 'cut.npy'), Uint32Array.of(1, 2, 3));
    writeFileSync(join(folder, 'cut.npy'), readFileSync(join(folder, 'cut.npy')).subarray(0, -2));
    await expect(readNpy(join(folder, 'cut.npy'), '<u4')).rejects.toThrow(/is cut/);
  });
});

describe('StringTable', () => {
  it('keeps any strings through memory and disk', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { maxLength: 60 }), async (strings) => {
        const table = StringTable.from(strings);
        expect([...table]).toEqual(strings);
        await table.write(folder, 't');
        expect([...(await StringTable.read(folder, 't'))]).toEqual(strings);
      }),
      { numRuns: 30 },
    );
  });
});

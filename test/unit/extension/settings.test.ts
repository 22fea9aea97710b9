import * as path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestForDataset, textListSetting, textSetting, threadsSetting } from '../../../src/extension/settingValues.ts';

const none = { imageRoots: [], runFolder: undefined, threads: undefined };
const dataset = path.resolve('/data/sets/train.json');
const base = path.resolve('/data');

describe('settings', () => {
  it('pass over what is no value', () => {
    expect([textSetting(' a '), textSetting('  '), textSetting(3), textSetting(undefined)]).toEqual(['a', undefined, undefined, undefined]);
    expect(textListSetting(['a', 3, '', ' b ', null])).toEqual(['a', 'b']);
    expect([textListSetting('a'), textListSetting(undefined)]).toEqual([[], []]);
    expect([0, -1, 2.5, '4', Number.NaN, 1, 64, 65].map(threadsSetting)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      1,
      64,
      64,
    ]);
  });

  it('leave the engine its own defaults when nothing is set', () => expect(requestForDataset(dataset, base, none)).toEqual({ dataset }));

  it('start from the workspace folder, and search the dataset’s own folder last', () => {
    const request = requestForDataset(dataset, base, { imageRoots: ['pictures', '/elsewhere'], runFolder: 'runs', threads: 3 });
    expect(request).toEqual({
      dataset,
      images: [path.join(base, 'pictures'), path.resolve('/elsewhere'), path.dirname(dataset)],
      runDir: path.join(base, 'runs'),
      threads: 3,
    });
  });

  it('name each root once', () =>
    expect(requestForDataset(dataset, base, { ...none, imageRoots: ['sets', './sets', 'sets/'] }).images).toEqual([path.dirname(dataset)]));

  it('whatever they hold, give a request with absolute paths and a number of threads that the engine takes', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (roots, folder, threads) => {
        const settings = { imageRoots: textListSetting(roots), runFolder: textSetting(folder), threads: threadsSetting(threads) };
        const request = requestForDataset(dataset, base, settings);
        expect([...(request.images ?? []), request.runDir ?? base].every((one) => path.isAbsolute(one))).toBe(true);
        expect(request.threads ?? 1).toBeGreaterThanOrEqual(1);
        expect(request.threads ?? 1).toBeLessThanOrEqual(64);
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import type { EngineFault } from '../../../src/extension/engine/engineFault.ts';
import { describeFault, type ErrorMessage } from '../../../src/extension/errors/errorCatalogue.ts';
import { type ErrorCode, errorCodes } from '../../../src/protocol/errors.ts';
import { english } from './english.ts';

const report = (code: ErrorCode, data = {}): EngineFault => ({
  kind: 'report',
  report: { code, message: 'what, where, what to do', data },
});
const describeCode = (code: ErrorCode, data = {}): ErrorMessage | undefined => describeFault(report(code, data), english);

describe('the error catalogue', () => {
  it('has a sentence for every code but cancelled, with at most two actions', () => {
    const silent = errorCodes.filter((code) => describeCode(code) === undefined);
    expect(silent).toEqual(['run.cancelled']);
    const sentences = errorCodes.filter((code) => !silent.includes(code)).map((code) => describeCode(code));
    expect(new Set(sentences.map((message) => message?.sentence)).size).toBe(sentences.length);
    for (const message of sentences) {
      expect(message?.sentence).toMatch(/[.)]$|do$/);
      expect(message?.actions.length).toBeLessThanOrEqual(2);
    }
  });

  it('names the file from the facts, on every platform', () => {
    expect(describeCode('dataset.empty', { path: '/data/train.json' })?.sentence).toBe('train.json holds no records.');
    expect(describeCode('dataset.empty', { path: 'C:\\data\\train.json' })?.sentence).toBe('train.json holds no records.');
    expect(describeCode('dataset.empty')?.sentence).toBe('the file holds no records.');
    expect(describeCode('dataset.empty', { path: 3 })?.sentence).toBe('the file holds no records.');
  });

  it.each([
    ['output.noSpace', { path: '/d/out.json' }, /full at \/d\/out\.json\. .*make room/, ['writeElsewhere', 'tryAgain']],
    ['output.noSpace', { path: '/d/.ballast/artifacts/x' }, /make room, or choose another folder/, ['tryAgain', 'openRunFolderSetting']],
    ['output.noSpace', {}, /^The disk is full\. .*make room/, ['writeElsewhere', 'tryAgain']],
    [
      'output.noPermission',
      { path: 'C:\\d\\.ballast', option: 'run-dir' },
      /^No permission to write C:.*choose another folder/,
      ['openRunFolderSetting', 'tryAgain'],
    ],
    ['output.noPermission', { path: '/d/out.json' }, /^No permission to write \/d\/out\.json\. Change/, ['writeElsewhere', 'tryAgain']],
    [
      'output.noPermission',
      { path: '/d/set.json/.ballast', reason: 'file' },
      /a part of its path is a file/,
      ['openRunFolderSetting', 'tryAgain'],
    ],
    ['dataset.notFound', { path: '/d/set.json' }, /^set\.json does not exist any more\. Put it back/, ['tryAgain']],
    ['dataset.changed', { path: '/d/set.json' }, /^set\.json changed while .*Try again when/, ['tryAgain']],
    ['usage', { option: 'images', path: '/nowhere' }, /^The image root \/nowhere is no folder/, ['openImageSetting']],
  ] as const)('says of %s with %j what happened and what to do', (code, data, sentence, actions) => {
    const message = describeCode(code, data);
    expect(message?.sentence).toMatch(sentence);
    expect(message?.actions).toEqual(actions);
  });

  it('shows a hostile path inert', () => {
    const sentence = describeCode('output.noPermission', { path: `/d/\u202e\u0000\n${'x'.repeat(5000)}` })?.sentence ?? '';
    expect([...sentence].filter((char) => char < ' ' || char === '\u202e')).toEqual([]);
    expect(sentence.length).toBeLessThan(500);
  });

  it('never speaks of a cancelled job', () => expect(describeFault({ kind: 'cancelled' }, english)).toBeUndefined());

  it('offers the log and another try after a crash', () => {
    const message = describeFault({ kind: 'crashed', exit: { code: null, signal: 'SIGKILL' } }, english);
    expect(message?.sentence).toMatch(/ended unexpectedly \(SIGKILL\)/);
    expect(message?.actions).toEqual(['showLog', 'tryAgain']);
    expect(describeFault({ kind: 'crashed', exit: { code: 134, signal: null } }, english)?.sentence).toMatch(/\(exit code 134\)/);
  });

  it('points to the setting when a Node cannot be started, and to trust in Restricted Mode', () => {
    const cannotStart = (reason: 'spawn' | 'exit' | 'timeout' | 'protocol'): EngineFault => ({
      kind: 'cannotStart',
      reason,
      detail: 'why',
      attempts: 4,
    });
    expect(describeFault(cannotStart('spawn'), english)?.actions).toEqual(['openNodeSetting', 'showLog']);
    expect(describeFault(cannotStart('exit'), english)?.sentence).toBe('The Ballast engine did not start after 4 attempts (why).');
    expect(describeFault(cannotStart('protocol'), english)?.actions).toEqual(['showLog']);
    expect(describeFault({ kind: 'untrusted' }, english)).toMatchObject({ severity: 'warning', actions: ['manageTrust'] });
    expect(describeFault({ kind: 'notLocal', scheme: 'vscode-vfs' }, english)?.sentence).toContain('"vscode-vfs"');
  });
});

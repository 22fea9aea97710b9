import type { ErrorCode, ErrorReport } from '../../protocol/errors.ts';
import { describeExit, type EngineFault } from '../engine/engineFault.ts';
import { plainText } from '../plainText.ts';

export type Localize = (message: string, ...values: (string | number)[]) => string;

export const errorActions = [
  'showLog',
  'tryAgain',
  'writeElsewhere',
  'manageTrust',
  'openFile',
  'openFolder',
  'openNodeSetting',
  'openRunFolderSetting',
  'openImageSetting',
] as const;
/** The fixes that a message can offer; at most two are shown. */
export type ErrorAction = (typeof errorActions)[number];

export interface ErrorMessage {
  readonly sentence: string;
  /** A refusal by design is a warning; everything else is an error. */
  readonly severity?: 'warning';
  readonly actions: readonly ErrorAction[];
}

/** Turns what went wrong into one localised sentence and its fixes; undefined when there is nothing to say (cancelled). */
export function describeFault(fault: EngineFault, t: Localize): ErrorMessage | undefined {
  switch (fault.kind) {
    case 'cancelled':
      return undefined;
    case 'untrusted':
      return {
        sentence: t('Ballast does not start its engine in Restricted Mode. Trust this workspace to inspect and rebalance datasets.'),
        severity: 'warning',
        actions: ['manageTrust'],
      };
    case 'notLocal':
      return {
        sentence: t('Ballast works on files of this machine; it cannot read "{0}" resources. Open a local or remote folder.', fault.scheme),
        severity: 'warning',
        actions: ['openFolder'],
      };
    case 'crashed':
      return {
        sentence: t(
          'The Ballast engine ended unexpectedly ({0}). Nothing was half written; finished stages are used again.',
          describeExit(fault.exit),
        ),
        actions: ['showLog', 'tryAgain'],
      };
    case 'cannotStart':
      if (fault.reason === 'spawn')
        return { sentence: t('The Ballast engine could not be started: {0}', fault.detail), actions: ['openNodeSetting', 'showLog'] };
      if (fault.reason === 'protocol')
        return { sentence: t('This engine does not fit the extension: {0}. Install Ballast again.', fault.detail), actions: ['showLog'] };
      return {
        sentence: t('The Ballast engine did not start after {0} attempts ({1}).', fault.attempts, fault.detail),
        actions: ['showLog', 'tryAgain'],
      };
    case 'report':
      return describeReport(fault.report, t);
  }
}

function describeReport(report: ErrorReport, t: Localize): ErrorMessage | undefined {
  const path = typeof report.data.path === 'string' ? plainText(report.data.path, 300) : '';
  const file = fileName(report.data.path) ?? t('the file');
  const inRunFolder = report.data.option === 'run-dir' || /[\\/]\.ballast([\\/]|$)/.test(path);
  const describe: Readonly<Record<ErrorCode, () => ErrorMessage | undefined>> = {
    usage: () =>
      report.data.option === 'images'
        ? { sentence: t('The image root {0} is no folder. Correct the setting.', path), actions: ['openImageSetting'] }
        : { sentence: t('The engine did not accept the options: {0}', report.message), actions: ['showLog'] },
    'dataset.notFound': () => ({
      sentence: t('{0} does not exist any more. Put it back, or choose another dataset.', file),
      actions: ['tryAgain'],
    }),
    'dataset.unreadable': () => ({ sentence: t('{0} cannot be read: {1}', file, report.message), actions: ['tryAgain', 'showLog'] }),
    'dataset.notADataset': () => ({
      sentence: t('{0} holds no training records that Ballast knows.', file),
      actions: ['openFile', 'showLog'],
    }),
    'dataset.encoding': () => ({ sentence: t('{0} is not UTF-8. Convert it to UTF-8 and try again.', file), actions: ['openFile'] }),
    'dataset.lfsPointer': () => ({
      sentence: t('{0} is a Git LFS pointer, not the data. Run "git lfs pull" and try again.', file),
      actions: ['openFile'],
    }),
    'dataset.empty': () => ({ sentence: t('{0} holds no records.', file), actions: ['openFile'] }),
    'dataset.changed': () => ({
      sentence: t('{0} changed while it was being read. Try again when nothing writes to it any more.', file),
      actions: ['tryAgain'],
    }),
    'dataset.noParquetReader': () => ({
      sentence: t('Parquet files cannot be written on this machine: {0}', report.message),
      actions: ['showLog'],
    }),
    'entities.importInvalid': () => ({ sentence: t('The imported entities cannot be used: {0}', report.message), actions: ['showLog'] }),
    'entities.perspectiveEmpty': () => ({ sentence: t('A perspective has no entity: {0}', report.message), actions: ['showLog'] }),
    'arrays.invalid': () => ({ sentence: t('The arrays cannot be used: {0}', report.message), actions: ['showLog'] }),
    'clustering.notFound': () => ({ sentence: t('These clusters are not known: {0}', report.message), actions: [] }),
    'cluster.notFound': () => ({ sentence: t('There is no such cluster: {0}', report.message), actions: [] }),
    'selection.unreachable': () =>
      typeof report.data.minimum === 'number'
        ? {
            sentence: t(
              'The floors hold {0} instances, more than the {1} asked for. Lower a floor or select more.',
              report.data.minimum,
              Number(report.data.target),
            ),
            actions: ['tryAgain'],
          }
        : { sentence: t('The wanted volume cannot be reached: {0}', report.message), actions: ['tryAgain'] },
    'selection.emptyByConstruction': () => ({ sentence: t('These options can keep nothing: {0}', report.message), actions: ['tryAgain'] }),
    'instance.notFound': () => ({ sentence: t('There is no such instance: {0}', report.message), actions: [] }),
    'entity.notFound': () => ({ sentence: t('There is no such entity: {0}', report.message), actions: [] }),
    'manifest.invalid': () => ({ sentence: t('The manifest cannot be used: {0}', report.message), actions: ['showLog'] }),
    'manifest.notFound': () => ({ sentence: t('The manifest does not exist: {0}', report.message), actions: [] }),
    'plan.notFound': () => ({ sentence: t('The plan does not exist: {0}', report.message), actions: [] }),
    'plan.invalid': () => ({ sentence: t('The plan cannot be used: {0}', report.message), actions: ['openFile'] }),
    'output.wouldOverwriteSource': () => ({ sentence: t('Ballast never writes over a source: {0}', report.message), actions: [] }),
    'output.noSpace': () => ({
      sentence:
        path === ''
          ? t('The disk is full. Nothing was half written; make room and try again.')
          : t('The disk is full at {0}. Nothing was half written; make room, or choose another folder, and try again.', path),
      actions: inRunFolder ? ['tryAgain', 'openRunFolderSetting'] : ['writeElsewhere', 'tryAgain'],
    }),
    'output.noPermission': () => ({
      sentence: permissionSentence(report, path, t),
      actions: inRunFolder ? ['openRunFolderSetting', 'tryAgain'] : ['writeElsewhere', 'tryAgain'],
    }),
    'run.locked': () => ({
      sentence: t('Another Ballast run works on this dataset. Wait for it to end and try again.'),
      actions: ['tryAgain', 'showLog'],
    }),
    'run.cancelled': () => undefined,
    'device.unavailable': () => ({ sentence: t('The device is not available: {0}', report.message), actions: ['showLog'] }),
    'compute.crashed': () => ({
      sentence: t('The compute process ended unexpectedly. What was finished is kept; try again to go on from there.'),
      actions: ['tryAgain', 'showLog'],
    }),
    'compute.noMemory': () => ({
      sentence: t('There is not enough memory for this clustering: {0}', report.message),
      actions: ['showLog'],
    }),
    'features.noModel': () => ({
      sentence: t('This feature provider needs a model that is not installed: {0}', report.message),
      actions: ['showLog'],
    }),
    'model.invalid': () => ({ sentence: t('This model cannot be used: {0}', report.message), actions: ['showLog'] }),
    'model.licence': () => ({
      sentence: t('The licence of this model forbids training other models with its pictures: {0}', report.message),
      severity: 'warning',
      actions: [],
    }),
    'synthesis.notAvailable': () => ({ sentence: t('This cannot be made here: {0}', report.message), actions: ['showLog'] }),
    'synthesis.endpoint': () => ({
      sentence: t('The model did not answer as it should: {0}', report.message),
      actions: ['tryAgain', 'showLog'],
    }),
    'staging.notFound': () => ({
      sentence: t(
        '{0} is no staging folder, or does not exist any more. Put it back, or make candidates again with Synthesize Tail.',
        path || file,
      ),
      actions: ['tryAgain'],
    }),
    'staging.invalid': () => ({ sentence: t('The staging folder cannot be used: {0}', report.message), actions: ['showLog'] }),
    'staging.otherDataset': () => ({
      sentence: t(
        '{0} is another file than the one that these candidates were made from. Put that one back, or make new candidates in another staging folder.',
        fileName(report.data.dataset) ?? file,
      ),
      actions: ['tryAgain'],
    }),
    'review.refused': () => ({ sentence: t('The review was not changed: {0}', report.message), severity: 'warning', actions: [] }),
    'compose.infeasible': () => ({ sentence: infeasibleSentence(report, t), actions: ['tryAgain'] }),
    'compose.unsupported': () => ({ sentence: t('This cannot be composed: {0}', report.message), actions: ['showLog'] }),
    internal: () => ({ sentence: t('Something failed inside the Ballast engine: {0}', report.message), actions: ['showLog', 'tryAgain'] }),
  };
  return describe[report.code]();
}

/** A volume that cannot be reached, with the one that comes nearest. */
function infeasibleSentence({ message, data }: ErrorReport, t: Localize): string {
  const { volume, kept, accepted, largest } = data;
  if (typeof volume !== 'number' || typeof kept !== 'number' || typeof accepted !== 'number' || typeof largest !== 'number')
    return t('This volume cannot be reached: {0}', message);
  return volume < kept
    ? t('{0} instances cannot be reached: {1} are kept already, so that is the smallest volume. Choose a smaller selection.', volume, kept)
    : t(
        '{0} instances cannot be reached: {1} are kept and {2} accepted, so the largest volume is {3}. Accept or make more.',
        volume,
        kept,
        accepted,
        largest,
      );
}

function permissionSentence(report: ErrorReport, path: string, t: Localize): string {
  if (path === '') return t('The result cannot be written: {0}', report.message);
  if (report.data.reason === 'file') return t('{0} cannot be made: a part of its path is a file. Choose another folder.', path);
  return t('No permission to write {0}. Change its permissions, or choose another folder.', path);
}

function fileName(path: unknown): string | undefined {
  if (typeof path !== 'string' || path === '') return undefined;
  return plainText(path.split(/[\\/]/).pop() ?? '');
}

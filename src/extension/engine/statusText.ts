import * as path from 'node:path';
import { formatBytes } from '../datasets/formatBytes.ts';
import { describeFault, type Localize } from '../errors/errorCatalogue.ts';
import { plainText } from '../plainText.ts';
import { progressText } from '../selection/progressText.ts';
import { type EngineState, percentOf, type RunningJob } from './engineState.ts';
import type { RecentFault } from './recentFaults.ts';

/** The engine's state in one word or number, for the status bar. */
export function statusLabel(state: EngineState, t: Localize): string {
  switch (state.kind) {
    case 'starting':
      return t('starting');
    case 'ready':
      return t('idle');
    case 'busy': {
      const percent = percentOf(state.progress);
      return percent === undefined ? t('working') : t('{0} %', percent);
    }
    case 'stopping':
      return t('stopping');
    case 'stopped':
      return t('stopped');
    case 'failed':
      return t('failed');
  }
}

export interface StatusFacts {
  /** Memory that the engine's process has now; undefined where the system does not tell. */
  readonly memoryBytes: number | undefined;
  readonly lastFault: RecentFault | undefined;
}

/** What the status item says when it is hovered: what runs on what and how far, the process, the last error, what a click does. */
export function statusLines(state: EngineState, { memoryBytes, lastFault }: StatusFacts, t: Localize, locale: string): readonly string[] {
  const lines: string[] = [];
  if (state.kind === 'failed') lines.push(describeFault(state.fault, t)?.sentence ?? t('failed'));
  else if (state.kind === 'busy') lines.push(...jobLines(state, t, locale));
  else lines.push(t('Ballast engine: {0}', statusLabel(state, t)));
  if (state.kind === 'ready' || state.kind === 'busy') {
    const { engineVersion, pid } = state;
    lines.push(
      memoryBytes === undefined
        ? t('Engine {0}, process {1}', engineVersion, pid)
        : t('Engine {0}, process {1}, {2} of memory', engineVersion, pid, formatBytes(memoryBytes, locale)),
    );
  }
  const last = lastFault === undefined || state.kind === 'failed' ? undefined : describeFault(lastFault.fault, t)?.sentence;
  if (last !== undefined && lastFault !== undefined) {
    const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(lastFault.at);
    lines.push(t('Last error, {0}: {1}', time, plainText(last, 300)));
  }
  lines.push(state.kind === 'failed' ? t('Click for the log.') : t('Click for the runs.'));
  return lines;
}

function jobLines({ job, jobs, progress }: Extract<EngineState, { kind: 'busy' }>, t: Localize, locale: string): readonly string[] {
  const lines = [jobText(job, t)];
  if (progress !== undefined) lines.push(progressText(progress, t));
  if (jobs > 1) lines.push(t('Jobs under way: {0}', new Intl.NumberFormat(locale).format(jobs)));
  return lines;
}

function jobText(job: RunningJob | undefined, t: Localize): string {
  if (job?.dataset === undefined) return t('Working');
  const name = plainText(path.basename(job.dataset), 80);
  switch (job.method) {
    case 'selection/rebalance':
      return t('Rebalancing {0}', name);
    case 'run/verify':
      return t('Verifying {0}', name);
    case 'run/reproduce':
      return t('Reproducing {0}', name);
    case 'dataset/inspect':
      return t('Inspecting {0}', name);
    case 'dataset/diff':
      return t('Comparing {0}', name);
    default:
      return t('Working on {0}', name);
  }
}

import { errorCodes } from '../../protocol/errors.ts';
import { perspectives } from '../../protocol/perspectives.ts';
import { stages } from '../../protocol/progress.ts';
import type { DoctorReport } from '../../protocol/reports.ts';
import { samplers } from '../../protocol/requests.ts';
import type { RunFacts } from '../../protocol/runs.ts';
import { strategyNames } from '../../protocol/select.ts';
import type { EngineFault } from '../engine/engineFault.ts';
import type { EngineState } from '../engine/engineState.ts';
import type { RecentFault } from '../engine/recentFaults.ts';

/** What is known when somebody reports an issue. Much of it could hold paths, names or data; `collectIssueReport` lets none through. */
export interface IssueFacts {
  readonly ballastVersion: string;
  readonly vscodeVersion: string;
  readonly nodeVersion: string;
  readonly platform: string;
  readonly arch: string;
  /** `desktop`, `web` or a server's name. */
  readonly appHost: string;
  readonly remoteName: string | undefined;
  readonly language: string;
  readonly isTrusted: boolean;
  readonly localFolders: number;
  readonly virtualFolders: number;
  readonly engine: EngineState;
  /** Undefined when the engine could not be asked. */
  readonly doctor: DoctorReport | undefined;
  readonly faults: readonly RecentFault[];
  readonly lastRun: { readonly command: string; readonly facts: RunFacts | undefined } | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const hidden = 'other';
const platforms = ['linux', 'darwin', 'win32', 'freebsd'];
const architectures = ['x64', 'arm64', 'arm', 'ia32'];
const appHosts = ['desktop', 'web', 'codespaces', 'server-distro'];
const remotes = ['ssh-remote', 'wsl', 'dev-container', 'attached-container', 'codespaces', 'tunnel'];
const devices = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'];
const components = ['sharp', 'duckdb', 'onnxruntime', 'imageModels', 'lexicon'];
const commands = ['rebalance', 'select'];
const runWords: readonly string[] = [...stages, ...perspectives];

/**
 * The facts as JSON for the one who looks into the issue. Nothing is passed on as it came: a value is a number, a version's numbers, or
 * one of the words that this product knows, so that no path, name, key or record can get in whatever the facts hold.
 */
export function collectIssueReport(facts: IssueFacts): string {
  const { doctor, lastRun } = facts;
  const report = {
    ballast: version(facts.ballastVersion),
    vscode: version(facts.vscodeVersion),
    node: version(facts.nodeVersion),
    platform: word(facts.platform, platforms),
    arch: word(facts.arch, architectures),
    appHost: word(facts.appHost, appHosts),
    remote: facts.remoteName === undefined ? null : word(facts.remoteName, remotes),
    language: /^[a-z]{2}(-[a-z]{2})?$/i.test(facts.language) ? facts.language.toLowerCase() : hidden,
    trusted: facts.isTrusted,
    folders: { local: number(facts.localFolders), virtual: number(facts.virtualFolders) },
    engine: engineOf(facts.engine),
    doctor: doctor === undefined ? null : doctorOf(doctor),
    lastErrors: facts.faults.map(({ fault, at }) => ({
      ...faultOf(fault),
      minutesAgo: Math.max(0, Math.round((facts.now - at) / 60_000)),
    })),
    lastRun: lastRun === undefined ? null : runOf(lastRun.command, lastRun.facts),
  };
  return JSON.stringify(report, null, 2);
}

function engineOf(state: EngineState): object {
  const { kind } = state;
  if (kind === 'ready' || kind === 'busy') return { state: kind, version: version(state.engineVersion) };
  return kind === 'failed' ? { state: kind, ...faultOf(state.fault) } : { state: kind };
}

function doctorOf(doctor: DoctorReport): object {
  return {
    node: version(doctor.node),
    cpus: number(doctor.cpus),
    memoryGb: gigabytes(doctor.memoryBytes),
    freeMemoryGb: gigabytes(doctor.freeMemoryBytes),
    devices: doctor.devices.filter(({ available }) => available).map(({ device }) => word(device, devices)),
    components: doctor.components.map(({ name, version: own, available }) => ({
      name: word(name, components),
      version: own === null ? null : version(own),
      available,
    })),
  };
}

function faultOf(fault: EngineFault): object {
  switch (fault.kind) {
    case 'report':
      return { error: word(fault.report.code, errorCodes) };
    case 'crashed': {
      const { code, signal } = fault.exit;
      return {
        error: fault.kind,
        exitCode: code === null ? null : number(code),
        signal: /^SIG[A-Z]{2,6}\d{0,2}$/.exec(signal ?? '')?.[0] ?? null,
      };
    }
    case 'cannotStart':
      return { error: fault.kind, reason: fault.reason, attempts: number(fault.attempts) };
    default:
      return { error: fault.kind };
  }
}

function runOf(command: string, facts: RunFacts | undefined): object {
  if (facts === undefined) return { command: word(command, commands) };
  return {
    command: word(command, commands),
    ballast: version(facts.ballastVersion),
    sampler: word(facts.sampler, [...samplers, ...strategyNames]),
    instances: number(facts.counts.instances),
    stages: facts.stages.map(({ name, seconds }) => ({
      // "reverseIndex token": each word on its own, because a manifest can be written by anyone.
      name: name
        .split(' ', 3)
        .map((one) => word(one, runWords))
        .join(' '),
      seconds: number(seconds),
    })),
  };
}

function word(value: string, known: readonly string[]): string {
  return known.includes(value) ? value : hidden;
}

/** The leading numbers of a version: what follows them could be anything. */
function version(value: string): string {
  return /^v?\d{1,5}(\.\d{1,5}){0,3}/.exec(value)?.[0] ?? hidden;
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function gigabytes(bytes: number): number | null {
  const value = number(bytes);
  return value === null ? null : Math.round(value / 1e8) / 10;
}

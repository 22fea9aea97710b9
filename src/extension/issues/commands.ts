import * as vscode from 'vscode';
import type { DoctorReport } from '../../protocol/reports.ts';
import { ballastVersion } from '../../protocol/version.ts';
import { commandIds } from '../contributions.ts';
import { after } from '../engine/after.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import { reportError } from '../errors/reportError.ts';
import { registerCommand } from '../registerCommand.ts';
import type { RunsTree } from '../runs/runsTree.ts';
import { collectIssueReport, type IssueFacts } from './collectIssueReport.ts';

export interface IssueDeps {
  readonly engine: EngineHost;
  readonly log: vscode.LogOutputChannel;
  readonly runs: RunsTree;
}

/** A report without what the engine would say is better than none, when the engine is what is broken. */
const patienceMs = 5000;

export function registerIssues(deps: IssueDeps): vscode.Disposable {
  return registerCommand(commandIds.reportIssue, async () => {
    try {
      await reportIssue(deps);
    } catch (error: unknown) {
      reportError(error, { log: deps.log });
    }
  });
}

/** Opens the report as an untitled document: nothing is sent by us, and whoever sends it has read it. */
async function reportIssue(deps: IssueDeps): Promise<void> {
  const location = vscode.ProgressLocation.Window;
  const title = vscode.l10n.t('Ballast: collecting versions');
  const facts = await vscode.window.withProgress({ location, title }, () => collectFacts(deps));
  const content = documentOf(collectIssueReport(facts));
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
  await vscode.window.showTextDocument(document, { preview: false });
  void offerCopy(document);
}

async function offerCopy(document: vscode.TextDocument): Promise<void> {
  const copy = vscode.l10n.t('Copy Report');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('Nothing was sent. Say what happened, read the report, and send it to those you have Ballast from.'),
    copy,
  );
  if (chosen === copy) await vscode.env.clipboard.writeText(document.getText());
}

function documentOf(report: string): string {
  return [
    `# ${vscode.l10n.t('Ballast issue')}`,
    `## ${vscode.l10n.t('What happened?')}`,
    '',
    `## ${vscode.l10n.t('What did you expect?')}`,
    '',
    `## ${vscode.l10n.t('Steps')}`,
    '1. ',
    `## ${vscode.l10n.t('Versions and last errors')}`,
    vscode.l10n.t('Collected by Ballast: versions, error codes and durations. No path, no file name and nothing of a dataset is in it.'),
    `\`\`\`json\n${report}\n\`\`\``,
    '',
  ].join('\n\n');
}

async function collectFacts({ engine, runs }: IssueDeps): Promise<IssueFacts> {
  const { isTrusted } = vscode.workspace;
  const folders = vscode.workspace.workspaceFolders ?? [];
  const local = folders.filter(({ uri }) => uri.scheme === 'file').length;
  const doctor = isTrusted ? await soon<DoctorReport>(engine.request('doctor', {})) : undefined;
  const [last] = (isTrusted && doctor !== undefined ? await soon(runs.runs()) : undefined) ?? [];
  return {
    ballastVersion,
    vscodeVersion: vscode.version,
    nodeVersion: process.version,
    platform: process.platform,
    arch: process.arch,
    appHost: vscode.env.appHost,
    remoteName: vscode.env.remoteName,
    language: vscode.env.language,
    isTrusted,
    localFolders: local,
    virtualFolders: folders.length - local,
    engine: engine.state,
    doctor,
    faults: engine.faults.all,
    lastRun: last && { command: last.command, facts: last.facts },
    now: Date.now(),
  };
}

function soon<T>(work: Promise<T>): Promise<T | undefined> {
  return Promise.race([work.catch(() => undefined), after(patienceMs).then(() => undefined)]);
}

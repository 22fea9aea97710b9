import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as vscode from 'vscode';
import type { ClusterReport } from '../../../../src/protocol/clustering.ts';
import type { DrawnClusters } from '../../../../src/protocol/clustersPage.ts';
import { ballast, enginePid, file, until } from '../ballast.ts';
import { shownAfter as browserAfter } from '../shownInstances.ts';

type Shown = DrawnClusters & { readonly dataset: string };

/** What the page of the panel shows after `work`, as soon as it is as wanted. */
async function shownAfter(work: () => Thenable<unknown>, wanted: (shown: Shown) => boolean): Promise<Shown> {
  const api = await ballast();
  let last: Shown | undefined;
  const listener = api.onDidShowClusters((shown) => {
    last = shown;
  });
  try {
    await work();
    const shown = await until(
      () => last,
      (now) => now !== undefined && wanted(now),
      60_000,
    );
    assert.ok(shown !== undefined && wanted(shown), `the panel shows ${JSON.stringify(shown)}`);
    return shown;
  } finally {
    listener.dispose();
  }
}

describe('view and panel Clusters', () => {
  const train = (): vscode.Uri => vscode.Uri.file(file('train.json'));
  let report: ClusterReport | undefined;

  before(() => vscode.commands.executeCommand('workbench.view.extension.ballast'));

  it('is empty before a dataset is clustered, and clusters it without a question', async () => {
    await vscode.commands.executeCommand('ballast.views.clusters.chooseDataset', train());
    const api = await ballast();
    assert.deepEqual(await api.clusterRows(), []);
    const options = { clusters: 12 };
    report = await vscode.commands.executeCommand('ballast.clusterDataset', train(), undefined, options);
    assert.ok(report !== undefined, 'no clustering was made');
    assert.equal(report.instances, 400);
    await enginePid();
    const rows = await api.clusterRows();
    assert.equal(rows.length, report.clusters);
    const sizes = rows.map((row) => Number(/^([\d,]+) · /.exec(row.description)?.[1]?.replaceAll(',', '')));
    assert.deepEqual(
      sizes,
      [...sizes].sort((a, b) => b - a),
    );
    assert.equal(
      sizes.reduce((sum, size) => sum + size, 0),
      400,
    );
    assert.match(rows[0]?.description ?? '', /· \w+/, 'no entities describe the cluster');
    assert.ok(rows.every(({ contextValue }) => contextValue === 'cluster'));
  });

  it('lists members and neighbours of a cluster, and shows its medoid when it is hovered', async () => {
    const api = await ballast();
    const [first] = await api.clusterRows();
    assert.ok(first !== undefined);
    const groups = await api.clusterRows(first.label);
    assert.deepEqual(
      groups.map(({ label }) => label),
      ['Members', 'Neighbours'],
    );
    const members = await api.clusterRows(first.label, 'Members');
    const size = Number(groups[0]?.description);
    const listed = members.filter(({ contextValue }) => contextValue === 'member');
    assert.equal(listed.length, Math.min(50, size));
    assert.match(listed[0]?.label ?? '', /^#\d+$/);
    if (size > 50) {
      await vscode.commands.executeCommand('ballast.views.clusters.showMore', members.at(-1)?.node);
      const more = await api.clusterRows(first.label, 'Members');
      assert.equal(more.filter(({ contextValue }) => contextValue === 'member').length, Math.min(100, size));
    }
    const neighbours = await api.clusterRows(first.label, 'Neighbours');
    assert.ok(neighbours.length > 0 && neighbours.every(({ label }) => label !== first.label));
    const tooltip = await api.clusterTooltip(first.node);
    assert.match(tooltip, /Transferability/);
    assert.match(tooltip, /data:image\/jpeg;base64,/);
  });

  it('is ordered by score and by tail share', async () => {
    const api = await ballast();
    const values = async (pattern: RegExp): Promise<number[]> =>
      (await api.clusterRows()).map(({ description }) => Number(pattern.exec(description)?.[1]));
    await vscode.commands.executeCommand('ballast.views.clusters.order', 'score');
    const scores = await values(/^score (-?[\d.]+) · /);
    assert.deepEqual(
      scores,
      [...scores].sort((a, b) => b - a),
    );
    await vscode.commands.executeCommand('ballast.views.clusters.order', 'tail-object');
    const shares = await values(/^tail ([\d.]+)% · /);
    assert.deepEqual(
      shares,
      [...shares].sort((a, b) => b - a),
    );
    await vscode.commands.executeCommand('ballast.views.clusters.order', 'size');
  });

  it('opens the panel at a cluster, from the view and from an argument', async () => {
    const api = await ballast();
    const [first] = await api.clusterRows();
    const cluster = Number(/\d+/.exec(first?.label ?? '')?.[0]);
    const shown = await shownAfter(
      () => vscode.commands.executeCommand('ballast.showCluster', first?.node),
      (now) => now.card === cluster,
    );
    assert.equal(shown.clusters, report?.clusters);
    assert.equal(shown.clustering, report?.clustering);
    assert.ok(shown.paintedPixels > 10_000, `${shown.paintedPixels} pixels`);
    const other = report?.perCluster.find((one) => one.cluster !== cluster)?.cluster ?? -1;
    const args = { dataset: file('train.json'), cluster: other };
    await shownAfter(
      () => vscode.commands.executeCommand('ballast.showCluster', args),
      (now) => now.card === other,
    );
  });

  it('opens the browser with the instances of a cluster, and at one of them', async () => {
    const api = await ballast();
    const [first] = await api.clusterRows();
    const size = Number((await api.clusterRows(first?.label ?? ''))[0]?.description);
    await browserAfter(
      () => vscode.commands.executeCommand('ballast.browseCluster', first?.node),
      (now) => now.matches === size && now.indexed,
    );
    const [member] = await api.clusterRows(first?.label ?? '', 'Members');
    const ordinal = Number(member?.label.slice(1));
    await browserAfter(
      () => vscode.commands.executeCommand('ballast.browseCluster', member?.node),
      (now) => now.selected === ordinal,
    );
  });

  it('remembers clusterings and shows the one that is chosen', async () => {
    const second: ClusterReport | undefined = await vscode.commands.executeCommand('ballast.clusterDataset', train(), undefined, {
      clusters: 5,
    });
    const api = await ballast();
    assert.equal((await api.clusterRows()).length, second?.clusters);
    await vscode.commands.executeCommand('ballast.views.clusters.chooseClustering', report?.clustering);
    assert.equal((await api.clusterRows()).length, report?.clusters);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('says what is wrong with a features file, and writes nothing', async () => {
    const features = file('bad.npy');
    fs.writeFileSync(features, 'not an array');
    const made = await vscode.commands.executeCommand('ballast.clusterDataset', train(), undefined, { features });
    assert.equal(made, undefined);
    fs.rmSync(features);
    await vscode.commands.executeCommand('notifications.clearAll');
  });
});

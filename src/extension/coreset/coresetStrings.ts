import type { CoresetStrings } from '../../protocol/coresetPage.ts';
import { perspectives } from '../../protocol/perspectives.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { perspectiveTitle } from '../perspectiveTitle.ts';

/** All words of the page in the editor's language. */
export function coresetStrings(t: Localize): CoresetStrings {
  return {
    controls: controlWords(t),
    perspectives: Object.fromEntries(
      perspectives.map((perspective) => [perspective, perspectiveTitle(perspective, t)]),
    ) as CoresetStrings['perspectives'],
    groups: {
      settings: t('Settings'),
      strategy: t('Strategy and size'),
      sources: t('Features and clusters'),
      compare: t('Compare with'),
      about: t('About these numbers'),
    },
    about: [
      t('Coverage counts what a selection still holds. It says nothing about the quality of a model trained on it.'),
      t(
        'Random is the control: whatever is removed, this is what chance would have kept. Published gains over random shrink outside of their authors’ settings, so compare before you believe.',
      ),
      t('Built-in features describe colours, edges and words. They need no model, and they are no activations of one.'),
    ],
    sizeBy: { fraction: t('percent'), count: t('instances') },
    builtin: t('Built-in descriptors'),
    ownFile: t('A file of mine (.npy)'),
    clusterKinds: { auto: t('Automatic (instances / 66)'), number: t('A number of mine'), import: t('Imported (.npy)') },
    choose: t('Choose…'),
    noFile: t('No file chosen'),
    chooseFile: t('Choose a file: {0}', '{0}'),
    removeFile: t('Remove the file: {0}', '{0}'),
    floorOf: t('Floor: {0}', '{0}'),
    layoutWrong: t('Write layers and half as in 5x2048, or nothing.'),
    outOfRange: t('Write a number from {0} to {1}.', '{0}', '{1}'),
    tooSmall: t('Write a number of at least {0}.', '{0}'),
    notAbove: t('Write a number above {0}.', '{0}'),
    compareHelp: t('Selections of equal size stand beside the chosen one. Random always does.'),
    compareNeedsColumn: t('Strategies that cut by a score are listed here when a file with scores is chosen above.'),
    compareHybrid: t('only as the chosen strategy, with its floors'),
    loading: t('Computing figures…'),
    cancel: t('Cancel'),
    cancelled: t('Cancelled. What was finished is used again.'),
    tryAgain: t('Try Again'),
    reload: t('Reload'),
    noFigures: t('No figures yet'),
    coldStart: t(
      'Features and clusters of these settings have not been made yet. For a large dataset this takes minutes; what is made is kept and used again. Apply also works without the figures.',
    ),
    staleFigures: t('These figures are of earlier settings. The clusters must be made anew first.'),
    resultOutdated: t('The settings have changed since.'),
    openResult: t('Open Result'),
    revealManifest: t('Reveal Manifest'),
    browseDropped: t('Browse Dropped'),
    frontier: t('Coverage by size'),
    coverageOf: t('Coverage of'),
    chart: t('Chart'),
    table: t('Table (T)'),
    legend: t('Legend'),
    shareAxis: t('Share of the instances selected'),
    chosenSize: t('chosen: {0}', '{0}'),
    point: t('{0}: {1} of the instances cover {2}', '{0}', '{1}', '{2}'),
    chartHint: t('Arrow keys move along the chart. Press T for the table.'),
    frontierCaption: t('{0}: share covered by the share of the instances selected', '{0}'),
    unreachableCell: t('out of reach'),
    comparison: t('At equal size'),
    measure: t('Measure'),
    clusters: t('What the clusters give'),
    showCluster: t('Show Cluster {0}', '{0}'),
    notes: t('What to know about these numbers ({0})', '{0}'),
  };
}

function controlWords(t: Localize): CoresetStrings['controls'] {
  return {
    strategy: { label: t('Strategy'), help: t('By what the instances are selected.') },
    sizeBy: { label: t('Size in'), help: t('Whether the size is a share of the instances or a number of them.') },
    fraction: { label: t('Percent'), help: t('Share of the instances that the coreset holds.') },
    count: { label: t('Instances'), help: t('Number of instances that the coreset holds.') },
    features: { label: t('Features'), help: t('What tells how alike two instances are: one vector for each.') },
    layout: {
      label: t('Layout'),
      help: t('Layers and half of imported activations, e.g. 5x2048: per layer a visual and a language half. Empty: one plain vector.'),
    },
    clusters: { label: t('Clusters'), help: t('How the instances are grouped by their features.') },
    clusterCount: { label: t('Number'), help: t('Number of clusters, at most the number of instances.') },
    assignments: { label: t('Assignments'), help: t('The cluster of each instance, as whole numbers.') },
    centroids: { label: t('Centroids'), help: t('One row for each cluster.') },
    iterations: { label: t('Iterations'), help: t('Iterations of k-means.') },
    precision: {
      label: t('Precision'),
      help: t('f32 gives the labels of the reference library; int8 is faster and gives the same labels on every machine.'),
    },
    permutation: { label: t('Permutation'), help: t('How the reference library draws its first centroids: mod is the released one.') },
    column: { label: t('Scores'), help: t('A .npy file with a score for each instance, for the strategies that cut by one.') },
    seed: { label: t('Seed'), help: t('Seed of every draw, a whole number; the same seed gives the same result on every machine.') },
    compute: { label: t('Compute Figures'), help: t('Makes features and clusters where they are missing, then compares the strategies.') },
    apply: { label: t('Apply'), help: t('Writes the coreset and its manifest beside the source; the source is never changed.') },
    copyCommand: { label: t('Copy CLI Command'), help: t('Copies a command that writes the same bytes from a terminal.') },
    openClusters: { label: t('Open Clusters'), help: t('Opens the clusters of this dataset, with what the last coreset kept of each.') },
  };
}

import type {
  CardStrings,
  ClusterChartStrings,
  ClusterColumnStrings,
  ClustersFrameStrings,
  ClustersStrings,
  LiftStrings,
} from '../../protocol/clustersPage.ts';
import { perspectives } from '../../protocol/perspectives.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { instancesStrings } from '../instances/instancesStrings.ts';
import { perspectiveTitle } from '../perspectiveTitle.ts';

/** Every word of the clusters' page. */
export function clustersStrings(t: Localize): ClustersStrings {
  return {
    perspectives: Object.fromEntries(perspectives.map((one) => [one, perspectiveTitle(one, t)])) as ClustersStrings['perspectives'],
    noImage: instancesStrings(t).noImage,
    frame: frameStrings(t),
    columns: columnStrings(t),
    charts: chartStrings(t),
    lift: liftStrings(t),
    card: cardStrings(t),
  };
}

function frameStrings(t: Localize): ClustersFrameStrings {
  return {
    title: t('Clusters of {0}'),
    facts: t('{0} clusters · {1} instances · {2} dimensions'),
    imbalance: t('imbalance {0}'),
    imbalanceHint: t('Imbalance: 1 when all clusters are equally large. Similarity: mean cosine of an instance with its centroid.'),
    objective: t('mean similarity {0}'),
    collapsed: t('The clusters collapsed: most instances lie in very few. Look at the features.'),
    noDensity: t('Imported without features: no density, medoids and map of instances.'),
    clustering: t('Clustering'),
    run: t('Run'),
    noRun: t('No run'),
    colour: t('Colour'),
    tables: t('Tables (T)'),
    actions: t('Actions'),
    cluster: t('Cluster This Dataset…'),
    refresh: t('Refresh'),
    extract: t('Find Entities'),
    extractHint: t('Extracts the entities, which describe the clusters. It can take minutes and can be cancelled.'),
    views: t('Charts'),
    view: {
      treemap: t('Treemap'),
      scores: t('Scores'),
      quota: t('Quota'),
      map: t('Map'),
      lift: t('Entities'),
    },
    opening: t('Opening the clusters…'),
    cancel: t('Cancel'),
    cancelled: t('Cancelled. Finished stages are used again.'),
    tryAgain: t('Try Again'),
    dismiss: t('Dismiss'),
    showLog: t('Show Log'),
    manageTrust: t('Manage Workspace Trust'),
    changed: t('The dataset was changed: these clusters are of the file as it was.'),
    deleted: t('The dataset was deleted.'),
    reload: t('Reload'),
    empty: t('This dataset has no clusters yet.'),
    emptyHint: t('Clustering groups instances that ask for the same skill. It needs no model: features of images and texts are built in.'),
    done: t('{0} clusters of {1} instances are shown.'),
  };
}

function columnStrings(t: Localize): ClusterColumnStrings {
  return {
    cluster: t('Cluster'),
    entities: t('Typical entities'),
    size: t('Instances'),
    transferability: t('Transferability'),
    density: t('Density'),
    score: t('Score'),
    kept: t('Kept'),
    keptShare: t('Kept share'),
    want: t('Quota wanted'),
    take: t('Quota given'),
    tailShare: t('Tail share, {0}'),
    source: t('Main source'),
    x: t('Map, across'),
    y: t('Map, up'),
  };
}

function chartStrings(t: Localize): ClusterChartStrings {
  return {
    cluster: t('Cluster {0}'),
    noEntities: t('no typical entities'),
    entitiesUnknown: t('entities not found yet'),
    hint: t('Arrow keys move between clusters, Enter opens the card. Press T for tables.'),
    mapHint: t('Arrow keys move between clusters; Enter opens the card and shows the instances. + and - zoom, 0 shows everything.'),
    treemapLabel: t('Treemap of {0} clusters: the area is the number of instances, the texture and colour say {1}.'),
    scoresLabel: t('Density against transferability of {0} clusters. {1}.'),
    quotaLabel: t('What a run gave to each of {0} clusters, against its size; an even share is {1}.'),
    mapLabel: t('Map of {0} clusters: similar ones lie close together.'),
    spoken: t('{0}: {1}. {2} instances.'),
    spokenMeasure: t('{0}: {1}'),
    legend: t('Legend'),
    range: t('{0} to {1}'),
    areaIsSize: t('Area: instances'),
    areaIsQuota: t('Area: quota'),
    none: t('none kept'),
    some: t('some kept'),
    whole: t('all kept'),
    wholeLine: t('whole cluster'),
    evenLine: t('even share, {0}'),
    quotaAxis: t('Quota'),
    keptAxis: t('Kept instances'),
    needsRun: t('Choose a run above to see how much it kept of each cluster. A run of Select Coreset or of a rebalancing will do.'),
    needsDensity: t('These clusters were imported without features, so their density is not known.'),
    needsFeatures: t('These clusters were imported without features, so their instances have no place on the map.'),
    zoomIn: t('Zoom In'),
    zoomOut: t('Zoom Out'),
    zoomAll: t('Show All Clusters'),
    instance: t('Instance {0}'),
    keptInstance: t('kept'),
    droppedInstance: t('dropped'),
    pointsShown: t('{0} of {1} instances of cluster {2}. Arrow keys move between them, Enter opens one, Escape goes back.'),
    pointsLoading: t('Loading the instances…'),
    table: t('Table of the clusters: {0}'),
    ascending: t('Sorted by {0}, ascending.'),
    descending: t('Sorted by {0}, descending.'),
  };
}

function liftStrings(t: Localize): LiftStrings {
  return {
    perspective: t('Perspective'),
    filter: t('Filter'),
    filterPlaceholder: t('Part of an entity'),
    columns: t('Clusters'),
    largest: t('The largest'),
    around: t('Cluster {0} and its neighbours'),
    entity: t('Entity'),
    frequency: t('Frequency'),
    caption: t('Lift of entities by cluster, {0}'),
    explanation: t('Lift: how many times more frequent an entity is in the cluster than in the dataset. The bar grows with its logarithm.'),
    none: t('No entity is typical of these clusters.'),
    noEntities: t('The entities of this dataset were not found yet.'),
    lift: t('×{0}'),
    cell: t('Lift {0}: {1} of {2} instances hold it.'),
    tail: t('tail'),
    loading: t('Loading…'),
    count: t('{0} entities'),
  };
}

function cardStrings(t: Localize): CardStrings {
  return {
    label: t('Card of a cluster'),
    choose: t('Choose a cluster to see its typical instances, entities and neighbours.'),
    close: t('Close'),
    loading: t('Loading…'),
    numbers: t('Numbers'),
    rank: t('place {0} of {1}'),
    similarity: t('Mean similarity'),
    unknown: t('not known'),
    medoids: t('Typical instances'),
    medoidsHint: t('The medoid, then the next picks that stand for the rest.'),
    openInstance: t('Open instance {0}: {1}'),
    noText: t('(no text)'),
    noPicture: t('No image'),
    entities: t('Entities'),
    entity: t('{0}: lift {1}, {2} instances'),
    noEntities: t('No entity is more frequent here than elsewhere.'),
    notExtracted: t('The entities of this dataset were not found yet.'),
    tailShare: t('{0} · tail {1}'),
    related: t('Neighbours'),
    relatedFacts: t('similarity {0} · {1} instances'),
    sources: t('Sources'),
    sourceKinds: { textOnly: t('Text only'), noFolder: t('(no folder)'), other: t('Other') },
    source: t('{0} ({1})'),
    moreSources: t('{0} more sources are not listed.'),
    run: t('In the run'),
    kept: t('Kept {0} of {1} instances ({2}).'),
    quota: t('Its budget wanted {0} and gave {1}; it was visited as number {2}.'),
    members: t('Members'),
    order: t('Order'),
    orders: { greedy: t('Best stand-ins first'), similarity: t('Nearest to the centroid first'), ordinal: t('As in the file') },
    ordinal: t('#{0}'),
    memberSimilarity: t('similarity {0}'),
    keptMember: t('kept'),
    droppedMember: t('dropped'),
    memberHint: t('A click or Enter opens the instance.'),
    browse: t('Browse Its Instances'),
    showOnMap: t('Show on the Map'),
  };
}

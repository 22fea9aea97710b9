import type { InstanceImage } from './browse.ts';
import type { ClusterSource } from './clustering.ts';
import type {
  ClusterCard,
  ClusterLift,
  ClusterLiftRequest,
  ClusterList,
  ClusterMembersPage,
  ClusterPoints,
  MemberOrder,
} from './clusters.ts';
import type { RunChoice } from './instancesPage.ts';
import type { CommonEvents } from './page.ts';
import type { Perspective } from './perspectives.ts';

/** Charts of the panel, in the order of their tabs. */
export const clusterViews = ['treemap', 'scores', 'quota', 'map', 'lift'] as const;
export type ClusterView = (typeof clusterViews)[number];

/** Where a command wants the panel to be; what is left out stays as it is. */
export interface ClustersOpenAt {
  /** Id of a known clustering. */
  readonly clustering?: string;
  /** Cluster whose card is opened. */
  readonly cluster?: number;
  /** Manifest of a run whose kept instances are shown. */
  readonly manifest?: string;
}

/** What the page keeps over hiding and a reload of the window. */
export interface ClustersState {
  readonly version: 1;
  /** Absolute path. */
  readonly dataset: string;
  /** Id of the clustering that is shown; null shows the one made last. */
  readonly clustering: string | null;
  readonly manifest: string | null;
  readonly cluster: number | null;
  readonly view: ClusterView;
  readonly tables: boolean;
  /** Name of the colouring, see `colourings.ts` of the page; null leaves the choice to the page. */
  readonly colouring: string | null;
}

/** Everything for the first paint; the clusters are asked for then. */
export interface ClustersContent {
  readonly locale: string;
  /** Name of the dataset, and its absolute path. */
  readonly name: string;
  readonly dataset: string;
  /** Where a command wants the page to be, over what it kept; null to stay. */
  readonly openAt: ClustersOpenAt | null;
  /** Why the engine is off, in a sentence; null when it is not. */
  readonly refused: { readonly sentence: string; readonly canTrust: boolean } | null;
  readonly strings: ClustersStrings;
}

/** A known clustering in words. */
export interface ClusteringChoice {
  readonly id: string;
  readonly label: string;
}

export interface OpenedClusters {
  /** Newest first. */
  readonly clusterings: readonly ClusteringChoice[];
  /** Null when the dataset has no known clustering. */
  readonly list: ClusterList | null;
}

/** What the page asks about one clustering. */
interface OfClustering {
  readonly clustering: string;
}

interface OfCluster extends OfClustering {
  readonly cluster: number;
  readonly manifest: string | null;
}

export const clustersPageActions = ['cluster', 'manageTrust', 'showLog'] as const;
/** `cluster` asks how, and clusters the dataset. */
export type ClustersPageAction = (typeof clustersPageActions)[number];

/** What the page really shows, for tests and the log. */
export interface DrawnClusters {
  readonly theme: string;
  readonly view: ClusterView;
  readonly tables: boolean;
  readonly clustering: string;
  readonly clusters: number;
  /** Cluster of the card; null without one, or while it is loaded. */
  readonly card: number | null;
  /** Instances whose places on the map are drawn. */
  readonly points: number;
  /** Pixels of the chart that are not transparent; 0 for a table. */
  readonly paintedPixels: number;
}

/** The wire of the page *clusters*. */
export interface ClustersPage {
  readonly requests: {
    readonly ready: { readonly params: null; readonly result: ClustersContent };
    /** `ticket` is the page's number of the request, which its progress names. An id that is not known any more gives the newest. */
    readonly open: {
      readonly params: {
        readonly ticket: number;
        readonly clustering: string | null;
        readonly manifest: string | null;
        readonly extract: boolean;
      };
      readonly result: OpenedClusters;
    };
    readonly runs: { readonly params: null; readonly result: readonly RunChoice[] };
    readonly card: { readonly params: OfCluster; readonly result: ClusterCard };
    readonly members: {
      readonly params: OfCluster & { readonly order: MemberOrder; readonly offset: number; readonly limit: number };
      readonly result: ClusterMembersPage;
    };
    readonly points: { readonly params: OfCluster; readonly result: ClusterPoints };
    readonly lift: {
      readonly params: OfClustering & {
        readonly clusters: readonly number[] | null;
        readonly text: string;
      } & Pick<ClusterLiftRequest, 'perspective' | 'offset' | 'limit'>;
      readonly result: ClusterLift;
    };
    readonly image: { readonly params: { readonly instance: number; readonly side: number }; readonly result: InstanceImage };
    /** Opens the instance browser at an instance. */
    readonly openInstance: { readonly params: { readonly instance: number; readonly manifest: string | null }; readonly result: null };
    /** Opens the instance browser with the instances of a cluster. */
    readonly browse: { readonly params: OfCluster; readonly result: null };
    readonly act: { readonly params: ClustersPageAction; readonly result: null };
  };
  readonly events: CommonEvents & { readonly drawn: DrawnClusters };
  readonly hostEvents: {
    /** `share`: 0 to 1; null while it is unknown. */
    readonly progress: { readonly ticket: number; readonly text: string; readonly share: number | null };
    readonly openAt: ClustersOpenAt;
    /** The dataset was clustered again; the id of what came of it. */
    readonly clustered: { readonly clustering: string };
    readonly runsChanged: null;
    /** The file is another one than the clusters are of, or does not exist. */
    readonly fileChanged: { readonly kind: 'changed' | 'deleted' };
    /** Everything must be asked anew (trust was granted, settings changed). */
    readonly restart: null;
  };
}

/** Words of the page. `{0}`, `{1}` ... are places for values. */
export interface ClustersStrings {
  readonly perspectives: Readonly<Record<Perspective, string>>;
  readonly noImage: Readonly<Record<Extract<InstanceImage, { readonly ok: false }>['reason'], string>>;
  readonly frame: ClustersFrameStrings;
  readonly columns: ClusterColumnStrings;
  readonly charts: ClusterChartStrings;
  readonly lift: LiftStrings;
  readonly card: CardStrings;
}

export interface ClustersFrameStrings {
  /** Dataset. */
  readonly title: string;
  /** Clusters, instances, dimensions. */
  readonly facts: string;
  /** Imbalance. */
  readonly imbalance: string;
  readonly imbalanceHint: string;
  readonly objective: string;
  readonly collapsed: string;
  readonly noDensity: string;
  readonly clustering: string;
  readonly run: string;
  readonly noRun: string;
  readonly colour: string;
  readonly tables: string;
  readonly actions: string;
  readonly cluster: string;
  readonly refresh: string;
  readonly extract: string;
  readonly extractHint: string;
  readonly views: string;
  readonly view: Readonly<Record<ClusterView, string>>;
  readonly opening: string;
  readonly cancel: string;
  readonly cancelled: string;
  readonly tryAgain: string;
  readonly dismiss: string;
  readonly showLog: string;
  readonly manageTrust: string;
  readonly changed: string;
  readonly deleted: string;
  readonly reload: string;
  readonly empty: string;
  readonly emptyHint: string;
  /** Clusters, instances. */
  readonly done: string;
}

export interface ClusterColumnStrings {
  readonly cluster: string;
  readonly entities: string;
  readonly size: string;
  readonly transferability: string;
  readonly density: string;
  readonly score: string;
  readonly kept: string;
  readonly keptShare: string;
  readonly want: string;
  readonly take: string;
  /** Perspective. */
  readonly tailShare: string;
  readonly source: string;
  readonly x: string;
  readonly y: string;
}

export interface ClusterChartStrings {
  /** Id: how a cluster is called. */
  readonly cluster: string;
  readonly noEntities: string;
  /** Entities were not extracted yet. */
  readonly entitiesUnknown: string;
  /** What the keys do. */
  readonly hint: string;
  readonly mapHint: string;
  /** Number of clusters, what the colour means. */
  readonly treemapLabel: string;
  /** Number of clusters, what the size of a point means. */
  readonly scoresLabel: string;
  readonly quotaLabel: string;
  readonly mapLabel: string;
  /** Name, description, size. */
  readonly spoken: string;
  /** Sentence about a cluster, name of a measure, value. */
  readonly spokenMeasure: string;
  readonly legend: string;
  /** From, to: a class of values. */
  readonly range: string;
  readonly areaIsSize: string;
  readonly areaIsQuota: string;
  readonly none: string;
  readonly some: string;
  readonly whole: string;
  readonly wholeLine: string;
  /** Share of the instances that the run kept. */
  readonly evenLine: string;
  readonly quotaAxis: string;
  readonly keptAxis: string;
  readonly needsRun: string;
  readonly needsDensity: string;
  readonly needsFeatures: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly zoomAll: string;
  /** Ordinal. */
  readonly instance: string;
  readonly keptInstance: string;
  readonly droppedInstance: string;
  /** Instances drawn, instances of the cluster, cluster. */
  readonly pointsShown: string;
  readonly pointsLoading: string;
  /** Name of the chart. */
  readonly table: string;
  readonly ascending: string;
  readonly descending: string;
}

export interface LiftStrings {
  readonly perspective: string;
  readonly filter: string;
  readonly filterPlaceholder: string;
  readonly columns: string;
  readonly largest: string;
  /** Cluster. */
  readonly around: string;
  readonly entity: string;
  readonly frequency: string;
  /** Perspective. */
  readonly caption: string;
  readonly explanation: string;
  readonly none: string;
  readonly noEntities: string;
  /** Lift. */
  readonly lift: string;
  /** Lift, instances, size. */
  readonly cell: string;
  readonly tail: string;
  readonly loading: string;
  /** Rows. */
  readonly count: string;
}

export interface CardStrings {
  readonly label: string;
  readonly choose: string;
  readonly close: string;
  readonly loading: string;
  readonly numbers: string;
  /** Place, number of clusters. */
  readonly rank: string;
  readonly similarity: string;
  readonly unknown: string;
  readonly medoids: string;
  readonly medoidsHint: string;
  /** Ordinal, beginning of its text. */
  readonly openInstance: string;
  readonly noText: string;
  readonly noPicture: string;
  readonly entities: string;
  /** Entity, lift, instances. */
  readonly entity: string;
  readonly noEntities: string;
  readonly notExtracted: string;
  /** Perspective, share. */
  readonly tailShare: string;
  readonly related: string;
  /** Similarity, instances. */
  readonly relatedFacts: string;
  readonly sources: string;
  readonly sourceKinds: Readonly<Record<Exclude<ClusterSource['kind'], 'folder'>, string>>;
  /** Source, instances. */
  readonly source: string;
  /** Number. */
  readonly moreSources: string;
  readonly run: string;
  /** Kept, size, share. */
  readonly kept: string;
  /** Wanted, given, turn. */
  readonly quota: string;
  readonly members: string;
  readonly order: string;
  readonly orders: Readonly<Record<MemberOrder, string>>;
  /** Ordinal. */
  readonly ordinal: string;
  /** Similarity to the centroid. */
  readonly memberSimilarity: string;
  readonly keptMember: string;
  readonly droppedMember: string;
  readonly memberHint: string;
  readonly browse: string;
  readonly showOnMap: string;
}

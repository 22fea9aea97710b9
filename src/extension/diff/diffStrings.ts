import type {
  DiffDetailStrings,
  DiffInstanceStrings,
  DiffStateStrings,
  DiffStrings,
  EntityStrings,
  HeaderStrings,
  ShapeStrings,
} from '../../protocol/diffPage.ts';
import { perspectives } from '../../protocol/perspectives.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { instancesStrings } from '../instances/instancesStrings.ts';
import { perspectiveTitle } from '../perspectiveTitle.ts';

/** Every word of the comparison's page. */
export function diffStrings(t: Localize): DiffStrings {
  return {
    perspectives: Object.fromEntries(perspectives.map((one) => [one, perspectiveTitle(one, t)])) as DiffStrings['perspectives'],
    noImage: instancesStrings(t).noImage,
    header: headerStrings(t),
    state: stateStrings(t),
    shapes: shapeStrings(t),
    entities: entityStrings(t),
    instances: instanceStrings(t),
    detail: detailStrings(t),
  };
}

function headerStrings(t: Localize): HeaderStrings {
  return {
    title: t('Comparison of two datasets'),
    a: t('A'),
    b: t('B'),
    facts: t('{0} instances · {1}'),
    common: t('In both'),
    removed: t('Removed'),
    added: t('Added'),
    changed: t('Changed'),
    commonHint: t('same content, wherever it stands'),
    removedHint: t('only in A'),
    addedHint: t('only in B'),
    changedHint: t('pairs of the two: {0} by id, {1} by image'),
    identical: t('Both hold the same instances.'),
    actions: t('Actions'),
    tables: t('Tables (T)'),
    copy: t('Copy Summary as Markdown'),
    copied: t('Summary copied.'),
    swap: t('Swap A and B'),
    refresh: t('Refresh'),
    browseA: t('Browse A'),
    browseB: t('Browse B'),
  };
}

function stateStrings(t: Localize): DiffStateStrings {
  return {
    comparing: t('Comparing…'),
    cancel: t('Cancel'),
    cancelled: t('Cancelled. Finished stages are used again.'),
    tryAgain: t('Try Again'),
    dismiss: t('Dismiss'),
    showLog: t('Show Log'),
    manageTrust: t('Manage Workspace Trust'),
    changed: t('{0} changed on the disk since it was compared.'),
    deleted: t('{0} does not exist any more. What is shown here is of its earlier state.'),
    done: t('Compared: {0} in both, {1} removed, {2} added, {3} changed.'),
  };
}

function shapeStrings(t: Localize): ShapeStrings {
  return {
    distributions: t('Distributions'),
    rankCurves: t('Rank-Frequency'),
    lorenzCurves: t('Lorenz'),
    curves: t('Curves'),
    legend: t('Legend'),
    equality: t('All entities equally frequent'),
    rankAxis: t('Rank of the entity (log)'),
    frequencyAxis: t('Instances (log)'),
    entityShareAxis: t('Share of the entities, rarest first'),
    postingShareAxis: t('Share of the occurrences'),
    noEntities: t('No entity in this perspective.'),
    chartHint: t('Arrow keys move along a chart. Press T for tables.'),
    point: t('{0}, rank {1}: {2} instances'),
    lorenzPoint: t('{0}: the rarest {1} of the entities hold {2} of the occurrences'),
    spokenRank: t(
      '{0}: rank-frequency curves on logarithmic axes. A has {1} entities and Gini {3}, B {2} entities and Gini {4}. {5} entities are lost, {6} gained.',
    ),
    spokenLorenz: t('{0}: Lorenz curves. A has {1} entities and Gini {3}, B {2} entities and Gini {4}. {5} entities are lost, {6} gained.'),
    measuresCaption: t('{0}: measures'),
    curveCaption: t('{0}: frequency by rank (selected ranks)'),
    lorenzCaption: t('{0}: occurrences held by the rarest entities (selected shares)'),
    measure: t('Measure'),
    change: t('Change'),
    entities: t('Entities'),
    occurrences: t('Occurrences'),
    gini: t('Gini'),
    entropy: t('Entropy in bits'),
    tailEntities: t('Entities in the tail'),
    tailOccurrences: t('Occurrences in the tail'),
    points: t('{0} points'),
    tailHint: t('Tail on both sides: entities with a frequency of at most {0}, the threshold τ of A.'),
    lost: t('Entities lost'),
    gained: t('Entities gained'),
    rank: t('Rank'),
    entityShare: t('Rarest entities'),
    lengths: t('Length of the instances'),
    meanTurns: t('Turns, mean'),
    medianTurns: t('Turns, median'),
    meanBytes: t('Bytes, mean'),
    medianBytes: t('Bytes, median'),
    sources: t('Instances by source'),
    source: t('First image folder'),
    sourceKinds: { textOnly: t('Text only'), noFolder: t('(no folder)'), other: t('(no image path)') },
    moreSources: t('{0} more sources are not listed.'),
  };
}

function entityStrings(t: Localize): EntityStrings {
  return {
    title: t('Entities lost and gained'),
    perspective: t('Perspective'),
    choice: t('{0}: {1} lost, {2} gained'),
    filter: t('Part of an entity'),
    filterPlaceholder: t('Part of an entity'),
    lost: t('Lost: only in A'),
    gained: t('Gained: only in B'),
    count: t('{0} of {1}'),
    entity: t('Entity'),
    instancesA: t('Instances in A'),
    instancesB: t('Instances in B'),
    noneLost: t('No entity is lost.'),
    noneGained: t('No entity is gained.'),
    noMatch: t('No entity holds this text.'),
    more: t('Show More ({0} left)'),
    searching: t('Searching…'),
  };
}

function instanceStrings(t: Localize): DiffInstanceStrings {
  return {
    title: t('Instances removed, added and changed'),
    removed: t('Removed ({0})'),
    added: t('Added ({0})'),
    changed: t('Changed ({0})'),
    noneRemoved: t('Every instance of A is in B.'),
    noneAdded: t('Every instance of B is in A.'),
    noneChanged: t('No removed instance has a counterpart among the added ones.'),
    changedRule: t(
      'A removed and an added instance count as one changed instance when no other removed or added one has their id; else when id and first image agree, in file order.',
    ),
    ordinal: t('#{0}'),
    pair: t('#{0} → #{1}'),
    turns: t('{0} turns'),
    bytes: t('{0} bytes'),
    byId: t('by id'),
    byImage: t('by image'),
    hasPartner: t('changed'),
    loading: t('Loading…'),
    choose: t('Choose an instance to see it side by side.'),
    noText: t('(no text)'),
  };
}

function detailStrings(t: Localize): DiffDetailStrings {
  return {
    title: t('Side by side'),
    inA: t('A · instance {0}'),
    inB: t('B · instance {0}'),
    notInA: t('Not in A'),
    notInB: t('Not in B'),
    openBytes: t('Open at Its Bytes'),
    browse: t('Browse Instances'),
    raw: t('Record'),
    conversation: t('Conversation'),
    view: t('What is shown'),
    previous: t('Previous Instance'),
    next: t('Next Instance'),
    id: t('Id'),
    noId: t('none'),
    turns: t('Turns'),
    bytes: t('Bytes'),
    media: t('Media'),
    noMedia: t('Text only'),
    pairedById: t('The same instance by its id.'),
    pairedByImage: t('The same instance by its image and its place among those with the same id.'),
    differing: t('{0} of {1} turns differ.'),
    elsewhere: t('The conversations are equal; the records differ elsewhere.'),
    turn: t('Turn {0}'),
    roleHuman: t('Human'),
    roleModel: t('Model'),
    roleSystem: t('System'),
    same: t('same'),
    differs: t('differs'),
    onlyA: t('only in A'),
    onlyB: t('only in B'),
    noTurn: t('no such turn'),
    emptyTurn: t('Empty turn'),
    noTurns: t('The record has no turns.'),
    cutTurn: t('The turn is longer than what is shown here; its bytes in the file have all of it.'),
    equalTurns: t('Show {0} Equal Turns'),
    moreTurns: t('{0} more turns are not shown; the record has them all.'),
    cutRecord: t('The record has {0} bytes; its begin is shown.'),
    showMore: t('Show More ({0} left)'),
    removedText: t('only in A'),
    addedText: t('only in B'),
    imageAlt: t('Image {0} of {1}: {2}'),
    embedded: t('embedded in the record'),
    video: t('Videos are not shown.'),
    audio: t('Audio is not played.'),
    marksHint: t('Struck through: only in A. Underlined: only in B.'),
    unseen: t('Character {0}, which cannot be seen'),
  };
}

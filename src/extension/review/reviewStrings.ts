import { perspectives } from '../../protocol/perspectives.ts';
import type {
  ReviewDialogStrings,
  ReviewFilterStrings,
  ReviewHeaderStrings,
  ReviewSingleStrings,
  ReviewStateStrings,
  ReviewStrings,
} from '../../protocol/reviewPage.ts';
import { synthesisMethods } from '../../protocol/synthesis.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { perspectiveTitle } from '../perspectiveTitle.ts';
import { methodLabel } from '../synthesis/methodWords.ts';
import { findingWords, gateWords, parameterWords } from './gateWords.ts';

/** Every word of the review's page. */
export function reviewStrings(t: Localize): ReviewStrings {
  return {
    perspectives: record(perspectives, (one) => perspectiveTitle(one, t)),
    methods: record(synthesisMethods, (one) => methodLabel(one, t)),
    providers: { local: t('This machine'), endpoint: t('An endpoint'), editor: t('The editor’s language model') },
    statuses: { pending: t('Pending'), accepted: t('Accepted'), rejected: t('Rejected') },
    verdicts: { passed: t('Passed'), failed: t('Stopped'), skipped: t('Skipped') },
    gates: gateWords(t),
    findings: findingWords(t),
    parameters: parameterWords(t),
    noImage: {
      none: t('There is no picture: the source names none.'),
      missing: t('The picture’s file was not found. Put it back, or reject the candidate.'),
      undecodable: t('The picture’s file is damaged and cannot be shown.'),
    },
    header: headerStrings(t),
    filter: filterStrings(t),
    single: singleStrings(t),
    dialog: dialogStrings(t),
    state: stateStrings(t),
  };
}

function record<Key extends string>(keys: readonly Key[], of: (key: Key) => string): Readonly<Record<Key, string>> {
  return Object.fromEntries(keys.map((key) => [key, of(key)])) as Readonly<Record<Key, string>>;
}

function headerStrings(t: Localize): ReviewHeaderStrings {
  return {
    title: t('Review of {0}'),
    madeFrom: t('made from {0}'),
    funnel: t('How far the candidates have come'),
    planned: t('Planned'),
    generated: t('Generated'),
    failed: t('{0} failed'),
    gated: t('Through all gates'),
    pending: t('Pending'),
    accepted: t('Accepted'),
    rejected: t('Rejected'),
    actions: t('Actions'),
    accept: t('Accept'),
    reject: t('Reject…'),
    undo: t('Undo'),
    undoOf: t('Undo: {0} × {1}'),
    nothingToUndo: t('There is nothing to undo'),
    previous: t('Previous'),
    next: t('Next'),
    zoom: t('Zoom'),
    grid: t('Grid'),
    single: t('One by One'),
    keys: t('Keys'),
    withKey: t('{0} ({1})'),
    acceptGated: t('Accept All That Passed the Gates ({0})…'),
    acceptGatedHint: t('Accepts every pending candidate that no gate stopped, whatever the filter. One undo takes it back.'),
    compose: t('Compose Dataset…'),
    position: t('{0} of {1}'),
    outside: t('not among the {0}'),
    reason: t('Why is it rejected?'),
    reasonHint: t('Enter rejects, Escape goes back.'),
    reasonPlaceholder: t('Reason, may stay empty'),
    recentReasons: t('Recent reasons'),
    rejectNow: t('Reject'),
    cancel: t('Cancel'),
  };
}

function filterStrings(t: Localize): ReviewFilterStrings {
  return {
    title: t('Filter'),
    status: t('Status'),
    method: t('Method'),
    gate: t('Stopped by'),
    perspective: t('Perspective'),
    entity: t('Entity'),
    entityPlaceholder: t('Part of a target entity'),
    any: t('All'),
    choice: t('{0} ({1})'),
    clear: t('Clear Filters'),
    nothing: t('No candidate matches the filters.'),
    nothingYet: t('Nothing has been generated yet. Candidates appear here as soon as they are.'),
    allDecided: t('Every candidate is decided; none is pending.'),
  };
}

function singleStrings(t: Localize): ReviewSingleStrings {
  return {
    source: t('Source'),
    candidate: t('Candidate'),
    instance: t('Instance {0}, id {1}'),
    noId: t('none'),
    openSource: t('Open Source Instance'),
    sourceAlt: t('Picture of the source, {0}'),
    candidateAlt: t('Picture of candidate {0}'),
    sameImage: t('The picture is the source’s own.'),
    sameText: t('The words are the source’s own.'),
    pixels: t('{0} × {1} pixels'),
    loading: t('Loading…'),
    conversation: t('Conversation'),
    marksHint: t('Struck through: only in the source. Underlined twice: only in the candidate. Dotted: target entity.'),
    roleHuman: t('User'),
    roleModel: t('Model'),
    roleSystem: t('System'),
    same: t('same'),
    differs: t('differs'),
    onlySource: t('only in the source'),
    onlyCandidate: t('only in the candidate'),
    noTurn: t('no such turn'),
    noTurns: t('There is no conversation.'),
    emptyTurn: t('(empty)'),
    cutTurn: t('The rest is not shown: the turn is too long.'),
    showMore: t('Show More ({0})'),
    unseen: t('Character that cannot be seen: {0}'),
    mark: t('{0}: {1}'),
    targets: t('Made for'),
    entity: t('Entity'),
    perspective: t('Perspective'),
    frequency: t('Has'),
    want: t('Wanted'),
    deficit: t('Lacks'),
    moreTargets: t('{0} more'),
    onlyThis: t('Show only candidates for {0}'),
    gates: t('Gates'),
    gate: t('Gate'),
    verdict: t('Verdict'),
    score: t('Score'),
    bounds: t('Bounds'),
    between: t('{0} to {1}'),
    atLeast: t('at least {0}'),
    atMost: t('at most {0}'),
    notJudged: t('The gates have not judged it yet.'),
    allPassed: t('Through all gates'),
    stoppedBy: t('Stopped: {0}'),
    hard: t('What this gate stops cannot be accepted.'),
    decision: t('Decision'),
    status: t('Status'),
    reason: t('Reason'),
    decidedBy: t('Decided by'),
    byPerson: t('a person'),
    byGates: t('the gates'),
    undecided: t('nobody yet'),
    origin: t('How it was made'),
    method: t('Method'),
    provider: t('Provider'),
    model: t('Model'),
    hash: t('Hash of the model'),
    noHash: t('not told'),
    prompt: t('Prompt'),
    noPrompt: t('none'),
    seed: t('Seed'),
    copy: t('Number of the source’s copies'),
    parameters: t('Parameters'),
    id: t('Id'),
    yes: t('yes'),
    no: t('no'),
  };
}

function dialogStrings(t: Localize): ReviewDialogStrings {
  return {
    close: t('Close'),
    cancel: t('Cancel'),
    keysTitle: t('Keys of the review'),
    keysNote: t('The keys do nothing while you type in a field.'),
    zoomTitle: t('Source and candidate, large'),
    zoomHint: t('Wheel or + and − zoom, drag or the arrow keys move, 0 fits; both move together.'),
    zoomIn: t('Zoom In'),
    zoomOut: t('Zoom Out'),
    zoomReset: t('Fit'),
    zoomLevel: t('{0} %'),
    acceptTitle: t('Accept all that passed the gates?'),
    acceptQuestion: t('{0} pending candidates passed every gate and will be accepted without being looked at one by one.'),
    acceptButton: t('Accept {0}'),
  };
}

function stateStrings(t: Localize): ReviewStateStrings {
  return {
    loading: t('Loading…'),
    tryAgain: t('Try Again'),
    dismiss: t('Dismiss'),
    showLog: t('Show Log'),
    manageTrust: t('Manage Workspace Trust'),
    refresh: t('Refresh'),
    stopWaiting: t('Stop Waiting'),
    accepted: t('Candidate {0} accepted. {1}'),
    rejected: t('Candidate {0} rejected. {1}'),
    acceptedMany: t('{0} candidates accepted.'),
    undone: t('Taken back: {0} decisions.'),
    noPending: t('No pending candidate is left.'),
    hardStop: t('It cannot be accepted: the gate “{0}” stopped it, and what that gate stops would damage a dataset. Reject it or go on.'),
    notJudged: t('It cannot be accepted before the gates have judged it. They do so at the end of the synthesis.'),
    came: t('{0} new candidates.'),
    gridLabel: t('Candidates'),
  };
}

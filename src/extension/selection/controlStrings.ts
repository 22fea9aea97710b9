import type { SelectionStrings } from '../../protocol/selectionPage.ts';
import type { Localize } from '../errors/errorCatalogue.ts';

/** Label of every control, and the one sentence that explains it. */
export function controlStrings(t: Localize): SelectionStrings['controls'] {
  return {
    perspective: { label: t('Compose'), help: t('Whether this perspective may let an instance pass.') },
    mass: {
      label: t('Mass'),
      help: t('Share of all occurrences that the head holds; a larger mass gives a smaller τ and a smaller result.'),
    },
    tau: {
      label: t('τ'),
      help: t('Threshold frequency: up to it an entity is tail; above it an instance passes with probability τ divided by the frequency.'),
    },
    minPerspectives: {
      label: t('Perspectives that must pass'),
      help: t('An instance is kept when at least this many perspectives pass; above 1 the tail is no longer certain.'),
    },
    alpha: {
      label: t('Alpha'),
      help: t('Share kept of what has passed; below 1 head and tail are thinned alike.'),
    },
    target: { label: t('Target volume'), help: t('An expected volume that the thresholds are moved to reach.') },
    targetValue: { label: t('Wanted'), help: t('The wanted expected volume, in instances or in percent of the dataset.') },
    targetBy: {
      label: t('Reached by'),
      help: t('What the target moves: a common factor on every τ, on the masses, or alpha, which thins the tail too.'),
    },
    seed: { label: t('Seed'), help: t('Seed of every draw, a whole number; the same seed gives the same result on every machine.') },
    blanks: { label: t('No blanks'), help: t('Drops entities without any visible character.') },
    placeholders: { label: t('No placeholders'), help: t('Drops image placeholders and role names, which are no content.') },
    glued: {
      label: t('No glued words'),
      help: t('Takes the first word of a turn off the word that it ran into: "ballwhich" becomes "ball".'),
    },
    case: { label: t('One spelling'), help: t('Merges entities that differ only in upper and lower case.') },
    minFrequency: {
      label: t('Minimum frequency'),
      help: t('Entities in fewer instances are left out of the distribution and cannot keep an instance.'),
    },
    effects: {
      label: t('Measure Effects'),
      help: t(
        'Computes the expected volume with each switch turned the other way and the others as they are; entities are extracted anew for each, which can take minutes.',
      ),
    },
    textOnly: { label: t('Keep text-only instances'), help: t('Instances without an image are always kept.') },
    protectField: { label: t('Field'), help: t('Name of a field at the top level of the records.') },
    protectValue: { label: t('Value'), help: t('Instances whose field has exactly this value are always kept.') },
    addProtection: { label: t('Add Rule'), help: t('Adds a field and a value; instances that have it are always kept.') },
    writeControl: {
      label: t('Write the random control too'),
      help: t('Apply then also writes a random selection of equal size beside the result, for a fair comparison in training.'),
    },
    browse: {
      label: t('Browse Instances'),
      help: t('Opens the instance browser, where single instances can be kept or dropped with a reason.'),
    },
    apply: { label: t('Apply'), help: t('Writes the result and its manifest beside the source; the source is never changed.') },
    savePlan: {
      label: t('Save Plan…'),
      help: t('Saves these settings as a file that the panel, the editor and the command line can apply.'),
    },
    loadPlan: { label: t('Load Plan…'), help: t('Takes the settings of a plan file or of the manifest of an earlier run.') },
    copyCommand: { label: t('Copy CLI Command'), help: t('Copies a command that writes the same bytes from a terminal.') },
    openDiff: { label: t('Open Diff'), help: t('Compares the dataset with the last result, or with another dataset.') },
    reset: { label: t('Reset to Paper Setting'), help: t('All four perspectives at the masses of the paper; overrides stay.') },
    undo: { label: t('Undo'), help: t('Takes the last change of the plan back (Ctrl+Z).') },
    redo: { label: t('Redo'), help: t('Does again what was undone (Ctrl+Y or Ctrl+Shift+Z).') },
  };
}

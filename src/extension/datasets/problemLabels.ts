import type { ProblemCode } from '../../protocol/dataset.ts';
import type { Localize } from '../errors/errorCatalogue.ts';

/** Localised name of a problem code. */
export function problemLabel(code: ProblemCode, t: Localize): string {
  const labels: Readonly<Record<ProblemCode, string>> = {
    'file.trailingComma': t('Comma after the last record'),
    'file.missingComma': t('Comma missing between records'),
    'file.extraComma': t('Comma too many between records'),
    'file.missingLineBreak': t('Two records on one line'),
    'file.strayCloser': t('Closing bracket without an opening one'),
    'file.strayText': t('Text outside the records'),
    'file.unclosedArray': t('Array never closed'),
    'file.wrapper': t('Records inside a wrapper object'),
    'record.invalidJson': t('Record is not valid JSON'),
    'record.invalidUtf8': t('Record is not valid UTF-8'),
    'record.unclosed': t('Record never closed'),
    'record.tooLarge': t('Record too large'),
    'record.notAnObject': t('Record is not an object'),
    'record.noTurns': t('Record without turns'),
    'record.emptyTurn': t('Empty turn'),
    'record.unknownRole': t('Unknown role'),
    'record.placeholderMissing': t('Image placeholder missing'),
    'record.placeholderCount': t('Placeholders and images differ in number'),
    'record.duplicateKey': t('Key twice in a record'),
    'image.refused': t('Image path refused'),
    'image.missing': t('Image missing'),
    'image.empty': t('Image file empty'),
    'image.undecodable': t('Image cannot be decoded'),
    'image.tooLarge': t('Image too large'),
    'image.wrongExtension': t('Image extension does not match its content'),
    'image.orientation': t('Image rotated by its metadata'),
    'image.unsupported': t('Image format not supported'),
    'mixture.missingFile': t('File of the mixture missing'),
    'mixture.sampling': t('Sampling rule of the mixture'),
  };
  return labels[code];
}

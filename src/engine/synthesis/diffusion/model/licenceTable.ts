import type { LicenceTerm } from '../../../../protocol/synthesis.ts';

export interface KnownLicence {
  /** As model cards spell it (`license` or, where that is `other`, `license_name`). */
  readonly id: string;
  readonly name: string;
  readonly terms: readonly LicenceTerm[];
  /** Other spellings seen in model cards. */
  readonly aliases?: readonly string[];
  /** Says the licence apart by its text. */
  readonly text?: RegExp;
}

/** Licences of image models, the particular before the general: the first whose text matches counts. */
export const knownLicences: readonly KnownLicence[] = [
  {
    id: 'stabilityai-ai-community',
    name: 'Stability AI Community License',
    terms: ['forbidsTraining', 'useRestrictions'],
    aliases: ['stabilityai-community', 'stability-ai-community', 'stability-ai-community-license'],
    text: /stability ai community license/i,
  },
  {
    id: 'sai-nc-community',
    name: 'Stability AI Non-Commercial Research Community License',
    terms: ['forbidsTraining', 'nonCommercial', 'useRestrictions'],
    aliases: ['stabilityai-nc-community', 'stabilityai-nc-research-community', 'stabilityai-non-commercial', 'stabilityai-non-comercial'],
    text: /stability ai non-?commercial/i,
  },
  {
    id: 'flux-1-dev-non-commercial-license',
    name: 'FLUX.1 [dev] Non-Commercial License',
    terms: ['forbidsTraining', 'nonCommercial', 'useRestrictions'],
    text: /flux\.1 \[dev\] non-commercial license/i,
  },
  {
    id: 'tencent-hunyuan-community',
    name: 'Tencent Hunyuan Community License',
    terms: ['forbidsTraining', 'useRestrictions'],
    text: /tencent hunyuan community license/i,
  },
  {
    id: 'openrail++',
    name: 'CreativeML Open RAIL++-M License',
    terms: ['useRestrictions'],
    text: /open ?rail\+\+-m/i,
  },
  {
    id: 'creativeml-openrail-m',
    name: 'CreativeML Open RAIL-M License',
    terms: ['useRestrictions'],
    aliases: ['openrail', 'openrail-m', 'bigscience-openrail-m'],
    text: /open ?rail-m/i,
  },
  { id: 'faipl-1.0-sd', name: 'Fair AI Public License 1.0-SD', terms: ['useRestrictions'], text: /fair ai public license/i },
  { id: 'cc-by-nc-4.0', name: 'CC BY-NC 4.0', terms: ['nonCommercial'], text: /attribution-noncommercial 4\.0/i },
  { id: 'cc-by-nc-sa-4.0', name: 'CC BY-NC-SA 4.0', terms: ['nonCommercial'], text: /attribution-noncommercial-sharealike 4\.0/i },
  { id: 'cc-by-4.0', name: 'CC BY 4.0', terms: [], text: /attribution 4\.0 international/i },
  { id: 'cc0-1.0', name: 'CC0 1.0', terms: [], text: /cc0 1\.0 universal/i },
  { id: 'apache-2.0', name: 'Apache License 2.0', terms: [], text: /apache license\s+version 2\.0/i },
  { id: 'mit', name: 'MIT License', terms: [], text: /mit license|permission is hereby granted, free of charge/i },
];

/**
 * Sentences by which licences that are not in the table keep their models' output from training: "to create or improve any foundational
 * generative AI model", "to train, fine-tune or distill a model that competes", "to improve any other AI model".
 */
export const trainingClause =
  /\b(?:create|train|improve|develop|fine-?tune)\b[^.;]{0,80}\b(?:any|other|another|competing|a)\b[^.;]{0,60}\b(?:ai|machine learning|language|diffusion|foundational generative ai|competitive)\s+models?\b/i;

/** What makes such a sentence a prohibition, in the words before it. */
export const prohibition = /\b(?:not|shall not|may not|must not|no right|neither|prohibited|cannot|can't|won't)\b[^.]{0,200}$/i;

import { collectMedia } from './media.ts';
import type { RecordFamily } from './recordFamily.ts';
import { isRecordValue, textOf } from './recordValue.ts';

/** data-juicer: one `text` with `<__dj__image>` marks and chunk ends, and an `images` list. */
export const dataJuicerFamily: RecordFamily = {
  variants: ['data-juicer'],
  placeholders: true,
  matches: (record) => typeof record.text === 'string',
  variantOf: () => 'data-juicer',
  read(record, spec, { turns, media }) {
    collectMedia(record, spec, media);
    const bytes = record.image_bytes;
    if (media.length === 0 && Array.isArray(bytes))
      for (const one of bytes)
        if (one || isRecordValue(one)) media.push({ kind: 'image', embedded: true, ...(typeof one === 'string' ? { data: one } : {}) });
    turns.push({ role: 'text', text: textOf(record.text) });
  },
};

import { NgramdError } from '../../errors.ts';
import { datePattern, documentIdPattern, isInCalendar, maxTitleLength } from '../../text/document-names.ts';
import type { LetterCounts } from '../../text/foreign-letters.ts';
import {
  type DocumentFields,
  idOfDocument,
  invalidDocument,
  isBlankLine,
  parseDocument,
  textOfDocument,
} from '../../text/json-lines.ts';
import type { Draft, TextNames } from './draft.ts';

/** The names of the fields of documents that are uploaded; their titles and dates are read only if fields are named. */
export interface UploadedFields extends DocumentFields {
  readonly title?: string | undefined;
  readonly date?: string | undefined;
}

/** What is known of an uploaded text, or of documents, when all of it has been received. */
export interface ReceivedText {
  readonly documents: number;
  readonly tokens: number;
  readonly letters: LetterCounts;
}

/** The longest line in bytes, and the most documents of an upload: what is known of each is held in memory. */
export const maxLineBytes = 16 * 2 ** 20;
export const maxDocuments = 250_000;

/** What the id, the title and the date of a document look like. */
const ids = new RegExp(documentIdPattern);
const titles = new RegExp(`^\\P{Cc}{1,${maxTitleLength}}$`, 'u');
const dates = new RegExp(datePattern);

const lineFeed = 0x0a;

/**
 * Reads documents in JSON, one per line, into a draft, where each becomes a text. Errors name the line; the draft is
 * unusable then.
 */
export class DocumentLines {
  readonly #draft: Draft;
  readonly #fields: UploadedFields;
  readonly #mayBeIds: boolean;
  /** The line in which each id was first given. */
  readonly #lineOf = new Map<string, number>();
  /** The pieces of a line whose end has not arrived. */
  #unfinished: Uint8Array[] = [];
  #unfinishedBytes = 0;
  #line = 0;
  #documents = 0;
  #tokens = 0;
  readonly #letters: LetterCounts = { letters: 0, dropped: 0 };

  /** `mayBeIds` says whether a text may be a list of ids. */
  constructor(draft: Draft, fields: UploadedFields, mayBeIds = false) {
    this.#mayBeIds = mayBeIds;
    this.#draft = draft;
    this.#fields = fields;
  }

  /**
   * Takes the next bytes, which may be overwritten afterwards. Throws `invalid-text` for a line that is not a document,
   * and `content-too-large` for a line that is too long and for too many documents.
   */
  write(chunk: Uint8Array): void {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      this.#read(this.#completed(chunk.subarray(start, end)));
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.slice(start));
  }

  /** Ends the documents. Throws `empty-text` if there are none. */
  end(): ReceivedText {
    if (this.#unfinishedBytes > 0) this.#read(this.#completed(new Uint8Array(0)));
    if (this.#documents === 0)
      throw new NgramdError('empty-text', 'There is no document: all lines are blank.');
    return { documents: this.#documents, tokens: this.#tokens, letters: this.#letters };
  }

  #read(line: Uint8Array): void {
    this.#line++;
    if (isBlankLine(line)) return;
    if (++this.#documents > maxDocuments) {
      throw new NgramdError(
        'content-too-large',
        `There are more than ${maxDocuments} documents: send them in several uploads.`,
      );
    }
    const { text, names } = this.#inLine('Line', () => this.#parse(line));
    this.#inLine('The text in line', () => {
      this.#draft.write(text);
      const { tokens, letters } = this.#draft.finish(names);
      this.#tokens += tokens;
      this.#letters.letters += letters.letters;
      this.#letters.dropped += letters.dropped;
    });
  }

  #parse(line: Uint8Array): { text: Uint8Array; names: TextNames } {
    const fields = this.#fields;
    const document = parseDocument(line, this.#line === 1, fields, this.#mayBeIds);
    const id = idOfDocument(document, fields.id);
    const names = {
      ...(id === undefined ? {} : { id: this.#checkedId(String(id)) }),
      ...labelOf(document, fields.title, 'title', isTitle),
      ...labelOf(document, fields.date, 'date', isDate),
    };
    return { text: Buffer.from(textOfDocument(document, fields.text, this.#mayBeIds)), names };
  }

  #checkedId(id: string): string {
    if (!ids.test(id)) {
      throw invalidDocument(
        `its id ${shown(id)} may have letters, digits, \`.\`, \`_\` and \`-\`, at most 128, and begins with a letter or digit. Choose another id_field, or leave the ids out: then the server chooses them.`,
      );
    }
    const first = this.#lineOf.get(id);
    if (first !== undefined) throw invalidDocument(`line ${first} has its id ${shown(id)} too.`);
    if (this.#draft.hasDocument(id))
      throw invalidDocument(`an earlier text of the upload has its id ${shown(id)} too.`);
    this.#lineOf.set(id, this.#line);
    return id;
  }

  /** Runs work on the current line, of which its errors say where they are. */
  #inLine<T>(subject: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof NgramdError)) throw error;
      const { code, message } = error;
      if (code !== 'invalid-request' && code !== 'invalid-text' && code !== 'empty-text') throw error;
      throw new NgramdError('invalid-text', `${subject} ${this.#line}: ${message}`);
    }
  }

  #keep(piece: Uint8Array): void {
    this.#unfinishedBytes += piece.length;
    if (this.#unfinishedBytes > maxLineBytes) {
      throw new NgramdError(
        'content-too-large',
        `Line ${this.#line + 1} is longer than ${maxLineBytes} bytes: send its text by itself.`,
      );
    }
    this.#unfinished.push(piece);
  }

  /** The unfinished line with its end. */
  #completed(end: Uint8Array): Uint8Array {
    if (this.#unfinishedBytes === 0) return end;
    this.#keep(end);
    const line = Buffer.concat(this.#unfinished);
    this.#unfinished = [];
    this.#unfinishedBytes = 0;
    return line;
  }
}

/** A label of a document; none if no field is named, or the document does not have it. */
function labelOf(
  document: Record<string, unknown>,
  field: string | undefined,
  name: 'title' | 'date',
  isLabel: (value: string) => boolean,
): TextNames {
  const value = field !== undefined && Object.hasOwn(document, field) ? document[field] : undefined;
  if (value === undefined || value === null) return {};
  if (typeof value === 'string' && isLabel(value)) return { [name]: value };
  const expected =
    name === 'title'
      ? 'a string of at most 250 characters without control characters'
      : 'a year, a month or a day of ISO 8601, such as "1895", "1895-05" or "1895-05-07"';
  throw invalidDocument(`its field ${JSON.stringify(field)}, the ${name}, must be ${expected}.`);
}

function isTitle(value: string): boolean {
  return titles.test(value) && value.isWellFormed();
}

function isDate(value: string): boolean {
  return dates.test(value) && isInCalendar(value);
}

function shown(id: string): string {
  return JSON.stringify(id.length > 60 ? `${id.slice(0, 60)}…` : id);
}

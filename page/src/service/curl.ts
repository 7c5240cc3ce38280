import type { Call } from './call.ts';

/**
 * A request as it is typed. Texts are in files of the reader's machine, and answers that are not read are saved there.
 */
export interface Command extends Call<unknown> {
  /** The name of the file with the text that is sent. */
  readonly file?: string;
  /** The names of the files of a form that is sent, by those of its parts. */
  readonly form?: Readonly<Record<string, string>>;
  /** The media type that is asked for, and the name of the file that the answer is saved as. */
  readonly accept?: string;
  readonly saveAs?: string;
}

/** A request as a command for a shell. The key is not shown: the command takes it from a variable. */
export function curlOf(
  { method, path, json, file, form, accept, saveAs }: Command,
  address: string,
  hasKey: boolean,
): string {
  const parts = ['curl -s'];
  // Curl sends files with PUT, and data and forms with POST, unless it is told otherwise.
  const sendsData = json !== undefined || form !== undefined;
  const usual = file !== undefined ? 'PUT' : sendsData ? 'POST' : 'GET';
  if (method !== usual) parts.push(`-X ${method}`);
  if (file !== undefined) parts.push(`-T ${quoted(file)}`);
  parts.push(quoted(`${address}${path}`));
  if (hasKey) parts.push('-H "Authorization: Bearer $NGRAMD_KEY"');
  if (accept !== undefined) parts.push(`-H ${quoted(`accept: ${accept}`)}`);
  for (const [name, each] of Object.entries(form ?? {})) parts.push(`-F ${quoted(`${name}=@${each}`)}`);
  if (json !== undefined)
    parts.push("-H 'content-type: application/json'", `-d ${quoted(JSON.stringify(json))}`);
  if (saveAs !== undefined) parts.push(`-o ${quoted(saveAs)}`);
  return parts.join(' ');
}

/** In single quotes a shell changes nothing. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

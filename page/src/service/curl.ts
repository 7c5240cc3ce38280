import type { Call } from './call.ts';

/** A call as a command for a shell. The key is not shown: the command takes it from a variable. */
export function curlOf({ method, path, json }: Call<unknown>, address: string, hasKey: boolean): string {
  const parts = ['curl -s'];
  if (method !== (json === undefined ? 'GET' : 'POST')) parts.push(`-X ${method}`);
  parts.push(quoted(`${address}${path}`));
  if (hasKey) parts.push('-H "Authorization: Bearer $NGRAMD_KEY"');
  if (json !== undefined)
    parts.push("-H 'content-type: application/json'", `-d ${quoted(JSON.stringify(json))}`);
  return parts.join(' ');
}

/** In single quotes a shell changes nothing. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

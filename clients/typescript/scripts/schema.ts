import openapiTypescript, { astToString } from 'openapi-typescript';

const heading = '// Generated from the OpenAPI document by `npm run openapi`.\n\n';

/** The TypeScript types of an OpenAPI document, as openapi-typescript makes them. */
export async function typesOf(document: object): Promise<string> {
  return heading + astToString(await openapiTypescript(document as never));
}

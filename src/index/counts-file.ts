/**
 * The name of the file of a corpus that keeps the counts of a document that is counts: its n-grams of all orders, in
 * pieces of `packBlocks`.
 */
export function countsFile(document: string): string {
  return `counts/${document}`;
}

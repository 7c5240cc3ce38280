import type { Databases } from './databases.ts';

/** The size of each corpus in ClickHouse, by name, in bytes: of one replica. */
export async function runSizes({ postgres, clickhouse }: Databases): Promise<Map<string, number>> {
  const runs = await postgres.rows<{ id: number; corpus: number; name: string }>(
    `SELECT runs.id, corpora.id AS corpus, name FROM runs JOIN corpora ON corpora.id = corpus
     WHERE runs.state = 'live' AND corpora.state = 'live'`,
  );
  const names = new Map(runs.map(({ id, name }) => [`run ${id}`, name]));
  for (const { corpus, name } of runs) names.set(`corpus ${corpus}`, name);
  const sizes = new Map(runs.map(({ name }) => [name, 0]));
  const answers = await clickhouse.selectFromEachShard(
    `SELECT table = 'tokens' AS isTokens, toUInt32OrZero(partition) AS part, sum(bytes_on_disk) AS bytes
     FROM system.parts WHERE active AND database = currentDatabase() GROUP BY isTokens, part`,
  );
  for (const answer of answers) {
    const view = new DataView(answer.buffer);
    for (let at = 0; at < answer.length; at += 13) {
      const part = view.getUint32(at + 1, true);
      const name = names.get(view.getUint8(at) === 1 ? `corpus ${part}` : `run ${part}`);
      const bytes = Number(view.getBigUint64(at + 5, true));
      if (name !== undefined) sizes.set(name, (sizes.get(name) as number) + bytes);
    }
  }
  return sizes;
}

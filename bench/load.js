/**
 * Sends requests on ten connections, in a process of its own, and prints autocannon's result as JSON. Its one argument is
 * the service's address; its input is JSON with the `paths`, which are divided among the connections, and the number of
 * `requests`.
 */
import { json } from 'node:stream/consumers';
import autocannon from 'autocannon';

const connections = 10;
const { paths, requests } = await json(process.stdin);
let client = 0;
const result = await autocannon({
  url: process.argv[2],
  connections,
  amount: requests,
  setupClient: (connection) => {
    const mine = paths.filter((_, i) => i % connections === client % Math.min(connections, paths.length));
    client++;
    connection.setRequests(mine.map((path) => ({ method: 'GET', path })));
  },
});
process.stdout.write(JSON.stringify(result));

/**
 * The reference for sending an answer: a bare HTTP server of Node.js that gets the answer to SOURCE, once, and then answers
 * every request with its bytes, from memory. Sends its address to the parent process when it listens, and ends when it
 * receives a message.
 */
import { createServer } from 'node:http';

const source = await fetch(process.env.SOURCE, { headers: { accept: process.env.ACCEPT } });
const bytes = Buffer.from(await source.arrayBuffer());
const headers = { 'content-type': process.env.ACCEPT, 'content-length': bytes.length };
const server = createServer((_request, response) => {
  response.writeHead(200, headers);
  response.end(bytes);
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ address: `http://127.0.0.1:${server.address().port}` });
});
process.on('message', () => process.exit());

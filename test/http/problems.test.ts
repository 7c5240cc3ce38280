import t from 'tap';
import { toProblem } from '../../src/http/problems/problem.ts';

t.test('an error of Fastify with the status 404 is sent with it', async (t) => {
  const error = Object.assign(new Error('Not Found'), { code: 'FST_ERR_NOT_FOUND', statusCode: 404 });
  t.match(toProblem(error, 'id'), { status: 404, type: '/problems#not-found', detail: 'Not Found.' });
});

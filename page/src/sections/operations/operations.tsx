import { call } from '../../service/call.ts';
import { useAnswer } from '../../service/use-answer.ts';
import { Backups } from './backups.tsx';
import { Damaged } from './damaged.tsx';
import { Disk } from './disk.tsx';
import { Indexes } from './indexes.tsx';
import { Jobs } from './jobs.tsx';
import { Pools } from './pools.tsx';
import { Readiness } from './readiness.tsx';
import { Refresh } from './refresh.tsx';
import { Requests } from './requests.tsx';
import { Service } from './service.tsx';

const statsCall = call('get', '/v1/stats', {});

/** How the service is doing, and what an operator does about it. */
export function Operations() {
  const stats = useAnswer(statsCall);
  return (
    <>
      <Refresh />
      <Service call={statsCall} stats={stats} />
      {stats.data === undefined ? null : <Damaged call={statsCall} stats={stats.data} />}
      <Readiness />
      <Jobs />
      {stats.data === undefined ? null : (
        <>
          <div class="pair">
            <Indexes call={statsCall} stats={stats.data} />
            <Disk call={statsCall} stats={stats.data} />
          </div>
          <Requests call={statsCall} stats={stats.data} />
          <Pools call={statsCall} stats={stats.data} />
        </>
      )}
      <Backups next={stats.data?.backups?.next_at} />
    </>
  );
}

import t from 'tap';
import { RecentUrls } from '../../src/http/recent-urls.ts';

t.test('a URL is known when it comes for the second time', async (t) => {
  const recent = new RecentUrls();
  const urls = Array.from({ length: 1000 }, (_, i) => `/v1/corpora/book/probability?word=${i}`);
  const known = urls.filter((url) => recent.add(url));
  t.same(known, []);
  const again = urls.filter((url) => recent.add(url)).length;
  t.ok(again > 900, `${again} of 1000 are still remembered`);
});

t.test('a URL that came long ago is forgotten', async (t) => {
  const recent = new RecentUrls();
  recent.add('/first');
  for (let i = 0; i < 2 ** 18; i++) recent.add(`/${i}`);
  t.notOk(recent.add('/first'));
});

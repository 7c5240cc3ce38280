import { testIdsOf } from './equal-ids.ts';

testIdsOf('cl100k_base');

import { testIdsOf } from './equal-ids.ts';

testIdsOf('o200k_base');

import { testIdsOf } from './equal-ids.ts';

testIdsOf('gpt2');

/** `npm run e2e:cascade`: cascades that meet, get lost, fail, and are looked at or forced by hand, on a small fleet. */
import { cases } from './cascade/cases.ts';
import { runCases } from './cascade/run-cases.ts';
import { main } from './processes/index.ts';

await main(() => runCases(cases));

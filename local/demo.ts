/** `npm run demo`: the example fleet, from an empty registry to a finished cascade, and the changes that follow. */
import { cases } from './demo/cases.ts';
import { runCases } from './demo/run-cases.ts';
import { main } from './processes/index.ts';

await main(() => runCases('The example fleet', cases));

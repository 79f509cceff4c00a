/** Cases of the differences that are meant. */
import { cases } from './case.ts';

export const explainedCases = cases({
  'explained, several build arguments in one ARG': 'FROM debian:12\nARG A=1 CLIENT_SECRET=2',
  'explained, a script that is not closed': 'FROM debian:12\nRUN (sudo x',
  'explained, a platform that is empty': 'FROM --platform="" debian:12',
});

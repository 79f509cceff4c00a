/** The two phases of tests: before there is an image, and on the running one. */
export type TestPhase = 'spec' | 'integration';

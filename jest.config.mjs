export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/scripts/jest-transform.mjs' },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.cache', '<rootDir>/dist'],
  reporters: ['default', '<rootDir>/scripts/jest-reporter.mjs'],
  testTimeout: 60_000,
  // Some tests wait for other programs: with two processors, the default is one test file at a time.
  maxWorkers: '100%',
};

/** Integration checks of a running container, and the file that lists them. */
export { type CheckEnvironment, type CheckedImage, checkImage } from './check-image.ts';
export { selectNamed } from './select.ts';
export { shownResults } from './shown-results.ts';
export { loadTestFile, type TestFile } from './test-file.ts';
export { decideTest, type ImagesTested, type TestDecision, type TestOptions, testImages } from './test-images.ts';

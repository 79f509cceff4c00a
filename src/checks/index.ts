/** Integration checks of a running container, and the file that lists them. */
export { type CheckedImage, checkImage, type Images } from './check-image.ts';
export type { CheckEnvironment } from './containers.ts';
export { selectNamed } from './select.ts';
export { shownResults } from './shown-results.ts';
export { loadTestFile, type TestFile } from './test-file.ts';
export { type TestFolder, testFolder } from './test-folder.ts';
export { decideTest, type ImagesTested, type TestDecision, type TestOptions, testImages } from './test-images.ts';

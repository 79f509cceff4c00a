/** The Actions runtime: inputs, outputs, log, job summary, run folder, processes. The only user of @actions packages. */
export { type ActionContext, runAction } from './action.ts';
export { readClientPayload, readEvent } from './event.ts';
export * as inputs from './inputs.ts';
export { setOutput } from './inputs.ts';
export * as log from './log.ts';
export { createProcesses, currentEnvironment } from './processes.ts';
export { findRecord, readRecord, runFolder, startRun, writeRecord } from './run-folder.ts';
export { keepHeapSmall } from './small-heap.ts';

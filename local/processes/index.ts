/** What local code needs of the operating system: processes, ports, temporary folders, and ending tidily. */
export { main, onExit, runCleanups } from './on-exit.ts';
export { freePort, portAnswers } from './ports.ts';
export { projectRoot } from './project-root.ts';
export { type RunOptions, type RunResult, run, runOk } from './run.ts';
export { type StartedProcess, type StartOptions, startProcess } from './start-process.ts';
export { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';
export { untilTrue } from './until-true.ts';

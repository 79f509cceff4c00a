const { enableCompileCache } = process.getBuiltinModule('node:module');
if (process.env.RUNNER_TEMP) enableCompileCache(`${process.env.RUNNER_TEMP}/image-cascade/compile-cache`);
const { start } = await import('./chunks/rotate.js');
await start();

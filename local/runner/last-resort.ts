const resorts = new Set<() => void>();
let listening = false;

/**
 * Does `work` when this process ends before it has been taken back: for what a run cleans up itself when it is
 * cancelled in due order. `onExit` would be too early: it runs the latest cleanup first, which is the innermost.
 *
 * @returns a function that takes it back
 */
export function atTheVeryEnd(work: () => void): () => void {
  if (!listening) {
    listening = true;
    process.on('exit', () => {
      for (const resort of resorts) resort();
    });
  }
  resorts.add(work);
  return () => resorts.delete(work);
}

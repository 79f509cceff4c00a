/** Workflows that other repositories can start, and which of them an event starts. */

/** A workflow that other repositories can start. */
export interface Receiver {
  /** Name of the file in `.github/workflows`. */
  readonly file: string;
  /** Types of `repository_dispatch` events that start it; empty: all; absent: none. */
  readonly eventTypes?: readonly string[];
  /** Inputs of `workflow_dispatch`; absent when that does not start it. */
  readonly inputs?: readonly string[];
}

/** The workflows that an event of this type starts. */
export function hearing(receivers: readonly Receiver[], eventType: string): readonly Receiver[] {
  return receivers.filter(
    ({ eventTypes }) => eventTypes !== undefined && (eventTypes.length === 0 || eventTypes.includes(eventType)),
  );
}

/** The workflows by pipeline mode: deployed, run on a laptop and kept as golden files alike. A mode without one is not there yet. */
import type { StateMachine } from "./asl.ts";
import { linearWorkflow } from "./linear.ts";

export const workflows = { LINEAR: linearWorkflow } as const satisfies Readonly<
  Partial<Record<"LINEAR" | "CLUSTER" | "KUBERNETES", StateMachine>>
>;
export type WorkflowMode = keyof typeof workflows;

/** Ends the state machine's name, and names its golden file. */
export const workflowName = (mode: WorkflowMode): string => mode.toLowerCase();

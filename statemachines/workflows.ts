/** The workflows by the name that ends their state machine's: deployed, run on a laptop and kept as golden files alike. */
import type { StateMachine } from "./asl.ts";
import { linearWorkflow } from "./linear.ts";

export const workflows = { linear: linearWorkflow } as const satisfies Readonly<
  Record<string, StateMachine>
>;
